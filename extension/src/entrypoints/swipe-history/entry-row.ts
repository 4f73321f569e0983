import { verdictLine } from '../../page/overlay/verdict-text.ts';
import { rulingText } from '../../rules/ruling-text.ts';
import type { HistoryEntry } from '../../storage/history.ts';
import { translate } from '../../texts.ts';
import { agreed } from './entry-facts.ts';
import { formatTime } from './format.ts';

/** The parts of a row, in order. Its stylesheet knows them by these classes. */
const PARTS = ['when', 'who', 'why', 'agreed'] as const;

/** Fills in a row of the list. */
export function fillRow(button: HTMLElement, entry: HistoryEntry): void {
  if (button.childElementCount === 0) {
    button.append(
      ...PARTS.map((name) => {
        const part = button.ownerDocument.createElement('span');
        part.className = name;
        return part;
      }),
    );
  }
  const isAgreed = agreed(entry);
  const texts: Record<(typeof PARTS)[number], string> = {
    when: `${formatTime(entry.atMs)} · ${entry.site}`,
    who: swipeText(entry),
    why: whyText(entry),
    agreed: isAgreed === undefined ? '' : translate(isAgreed ? 'history_agreed' : 'history_disagreed'),
  };
  for (const [at, name] of PARTS.entries()) button.children[at]!.textContent = texts[name];
  button.dataset.swipe = entry.corrected ?? entry.swipe;
  button.dataset.agreed = String(isAgreed);
}

/** Returns who swiped and where to: `You: right`. */
export function swipeText({ by, swipe, corrected }: HistoryEntry): string {
  const swiped = translate('history_swiped', translate(`history_who_${by}`), translate(`swipe_${swipe}`));
  if (corrected === undefined) return swiped;
  return `${swiped}, ${translate('history_corrected_to', translate(`swipe_${corrected}`))}`;
}

/** Returns what Swipenet or a rule had decided, and why. */
export function whyText({ ruling, verdict }: HistoryEntry): string {
  if (ruling) return rulingText(ruling, translate);
  return verdict ? verdictLine(verdict, translate) : translate('history_undecided');
}
