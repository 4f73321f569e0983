import { labels } from '../labels.js';
import { drift } from './drift.js';

/**
 * Applies the changes that affect buttons to a row. A button keeps what it does (`by`) and what a person sees (`look`). What a
 * program can recognize it by changes.
 *
 * @param {{by: string, sparks?: string, label?: string, size?: string, remaining?: number}[]} row
 */
export function driftedButtons(row) {
  let now = row.map((spec) => ({ ...spec, look: spec.by }));
  for (const change of drift.all('paid-takes-over')) now = takenOver(now, change);
  for (const { sizes } of drift.all('sizes')) now = now.map((spec) => ({ ...spec, size: sizeOf(spec, sizes) }));
  for (const { by, remaining } of drift.all('counter')) now = now.map((spec) => counted(spec, by, remaining));
  for (const { by, sparks } of drift.all('sparks'))
    now = now.map((spec) => (is(spec, by) ? { ...spec, sparks } : spec));
  for (const { by, label } of drift.all('button-name'))
    now = now.map((spec) => (is(spec, by) ? named(spec, label) : spec));
  for (const change of drift.all('add-button')) now = added(now, change);
  return now;
}

const is = (spec, by) => spec.by === by && spec.sparks !== undefined;

/** Sets a label: one of the page's words by its name, or the word itself. */
const named = (spec, label) => ({ ...spec, label: labels[label] ?? label });

const counted = (spec, by, remaining) => (is(spec, by) ? { ...spec, remaining: remaining ?? undefined } : spec);

function sizeOf({ by, size }, sizes) {
  if (sizes === 'same') return 'middle';
  const isSwipe = by === 'like' || by === 'nope';
  return sizes === 'swapped' ? (isSwipe ? 'small' : 'large') : size;
}

/** Gives a paid button the cues of Like. Like's own class may change, too. */
function takenOver(row, { by, sparks, name, size, counter, like }) {
  return row.map((spec) => {
    if (is(spec, 'like') && like) return { ...spec, ...(like.sparks && { sparks: like.sparks }) };
    if (!is(spec, by)) return spec;
    return {
      ...spec,
      secondIcon: true,
      ...(sparks && { sparks: 'like' }),
      ...(name && { label: labels.like }),
      ...(size && { size: 'large' }),
      ...(counter && { remaining: undefined }),
    };
  });
}

function added(row, { at, sparks, label, size, remaining, secondIcon }) {
  const decoy = named(
    { by: 'decoy', look: 'boost', sparks, size, remaining: remaining ?? undefined, secondIcon },
    label,
  );
  const like = row.findIndex((spec) => spec.by === 'like');
  const nope = row.findIndex((spec) => spec.by === 'nope');
  const place = { first: 0, last: row.length, 'before-like': like, 'after-like': like + 1, 'before-nope': nope }[at];
  return row.toSpliced(place, 0, decoy);
}
