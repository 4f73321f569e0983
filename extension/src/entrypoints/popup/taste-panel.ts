import type { OwnAnswer, RecentSwipe, TasteState } from '../../own-messages.ts';
import { reasonText } from '../../reason-text.ts';
import { reportError } from '../../report-error.ts';
import { hasTasteConsent, lacksTasteConsent, type Settings } from '../../storage/settings.ts';
import { formatWholePercent, shownLocale, translate } from '../../texts.ts';
import { setText } from '../own-page/set-text.ts';

/** What the person can do in the panel. */
export interface TasteActions {
  readonly undo: () => Promise<unknown>;
  /** Labels a swipe of the last day with the other side. */
  readonly correct: (labelId: string, swipe: RecentSwipe['swipe']) => Promise<unknown>;
  readonly learn: () => Promise<unknown>;
  readonly activate: (version: string) => Promise<unknown>;
  readonly rollback: () => Promise<unknown>;
  readonly erase: () => Promise<unknown>;
  /** Chooses Learn instead of Swipe. */
  readonly keepLearning: () => Promise<unknown>;
  /** Lets a version swipe although its agreement isn't proven. */
  readonly swipeAnyway: (version: string) => Promise<unknown>;
  /** The person has read what the built-in model judges. */
  readonly forgetNotice: () => Promise<unknown>;
}

/**
 * The popup's panel about learning: the agreement so far, what is needed before a version may swipe, and what the person
 * can do about it.
 */
export class TastePanel {
  readonly #document: Document;
  /** The version that the server uses, if it is one. */
  #version: string | null = null;

  constructor(document: Document, actions: TasteActions) {
    this.#document = document;
    const { undo, learn, rollback, erase, keepLearning, swipeAnyway, forgetNotice } = actions;
    this.#onClick('quality-seen', forgetNotice);
    this.#onClick('taste-undo', undo);
    this.#onClick('taste-learn', learn);
    this.#onClick('taste-rollback', rollback);
    this.#onClick('taste-erase-sure', erase);
    this.#onClick('gate-keep', keepLearning);
    this.#onClick('gate-sure', async () => this.#version && (await swipeAnyway(this.#version)));
    for (const [button, dialog] of [
      ['taste-more', 'taste-data'],
      ['taste-erase', 'taste-erase-dialog'],
      ['gate-anyway', 'gate-dialog'],
    ] as const) {
      this.#get(button).addEventListener('click', () => this.#get<HTMLDialogElement>(dialog).showModal());
    }
    this.#get('taste-data').addEventListener('click', (event) => {
      const { version, label, swipe } = (event.target as HTMLElement).dataset;
      const isSwipe = swipe === 'right' || swipe === 'left';
      const act = version ? actions.activate(version) : label && isSwipe ? actions.correct(label, swipe) : undefined;
      act?.catch((error: unknown) => reportError('changing what was learned', error));
    });
  }

  /** Asks for consent, or shows what was learned, in the modes in which it matters. */
  show(settings: Settings, overview: OwnAnswer<'taste'> | undefined): void {
    const { mode } = settings;
    const isConcerned = mode === 'learn' || mode === 'swipe';
    const consented = hasTasteConsent(settings);
    this.#get('taste-consent').hidden = !lacksTasteConsent(settings);
    this.#get('taste').hidden = !isConcerned || !consented;
    // A popup has 600 pixels. The panel names the model, so the server's own is left out unless something is wrong.
    const connection = this.#get('server');
    connection.parentElement!.hidden = isConcerned && consented && connection.dataset.tone === 'good';
    this.#get('gate').hidden = true;
    if (!overview || !isConcerned || !consented) return;
    const { server, recent, labels } = overview;
    this.#showRecent(recent);
    if ('problem' in server) {
      this.#say('taste-summary', reasonText(server.problem));
      return;
    }
    this.#version = server.version;
    this.#showAgreement(server);
    this.#showLabels(server, labels);
    this.#showVersions(server);
    const isShut = this.#version !== null && !server.agreement.isOpen;
    const isAllowed = this.#version === settings.taste.swipeAnyway;
    this.#get('gate').hidden = mode !== 'swipe' || !isShut || isAllowed;
  }

  /** Says once what the built-in model judges, if that is what would swipe. */
  showModel({ mode, taste }: Settings, model: string | undefined): void {
    const isQuality = model !== undefined && /^quality(-int8)?$/.test(model);
    this.#get('quality-notice').hidden = mode !== 'swipe' || !isQuality || taste.knowsQuality;
  }

  #showAgreement({ agreement, version }: TasteState): void {
    const { balanced, lowerBound, required } = agreement;
    this.#say('taste-version', version ?? translate('taste_no_version'));
    this.#say('taste-summary', balanced === null ? translate('taste_unknown') : gateText(agreement));
    const meter = this.#get('taste-meter');
    meter.hidden = balanced === null;
    for (const [part, share] of [
      ['balanced', balanced ?? 0],
      ['bound', lowerBound],
      ['needed', required],
    ] as const) {
      meter.style.setProperty(`--${part}`, `${100 * share}%`);
    }
    this.#say('taste-tallies', translate('taste_tallies', tallyText(agreement.likes), tallyText(agreement.passes)));
  }

  #showLabels({ likes, passes, learning }: TasteState, { queued, lost }: OwnAnswer<'taste'>['labels']): void {
    this.#say('taste-labels', translate('taste_labels', likes + passes, likes, passes));
    const { isRunning, every, last } = learning;
    const news = [
      isRunning ? translate('taste_learning') : translate('taste_next', every),
      ...(last && last.kind !== 'learned'
        ? [translate(last.kind === 'refused' && last.code === 'dataset_too_small' ? 'taste_too_few' : 'taste_failed')]
        : []),
      ...(queued > 0 ? [translate('taste_waiting', queued)] : []),
      ...(lost > 0 ? [translate('taste_lost', lost)] : []),
    ];
    this.#say('taste-news', news.join(' '));
    this.#get<HTMLButtonElement>('taste-undo').disabled = likes + passes + queued === 0;
  }

  /** Lists the latest swipes, each with a button that corrects it. */
  #showRecent(recent: readonly RecentSwipe[]): void {
    const rows = recent.map(({ labelId, atMs, swipe, own }) => {
      const other = swipe === 'right' ? 'left' : 'right';
      const time = new Date(atMs).toLocaleTimeString(shownLocale(), { timeStyle: 'medium' });
      const text = translate(own ? 'taste_swiped' : 'taste_you_swiped', time, translate(`swipe_${swipe}`));
      return this.#row(text, translate(`swipe_make_${other}`), { label: labelId, swipe: other });
    });
    this.#replace('taste-recent', rows);
    this.#get('taste-recent-title').hidden = rows.length === 0;
  }

  #showVersions({ versions }: TasteState): void {
    const rows = versions.toReversed().map(({ id, isActive, balancedAccuracy }) => {
      const figure = balancedAccuracy === null ? '' : translate('taste_figure', formatWholePercent(balancedAccuracy));
      const text = [id, figure, ...(isActive ? [translate('taste_active')] : [])].filter(Boolean).join(' · ');
      return this.#row(text, isActive ? undefined : translate('taste_activate'), { version: id });
    });
    this.#replace('taste-versions', rows);
    this.#get<HTMLButtonElement>('taste-rollback').disabled = versions.findIndex(({ isActive }) => isActive) < 1;
  }

  /** Creates a row of a list, with a button unless it has no label. */
  #row(text: string, label: string | undefined, data: Readonly<Record<string, string>>): HTMLElement {
    const row = this.#document.createElement('li');
    const name = this.#document.createElement('span');
    name.textContent = text;
    row.append(name);
    if (label !== undefined) {
      const button = this.#document.createElement('button');
      button.type = 'button';
      button.className = 'small';
      button.textContent = label;
      Object.assign(button.dataset, data);
      row.append(button);
    }
    return row;
  }

  /** Replaces the rows of a list only if they change, so that a focused button stays. */
  #replace(id: string, rows: readonly HTMLElement[]): void {
    const html = rows.map(({ outerHTML }) => outerHTML).join('');
    if (this.#get(id).innerHTML !== html) this.#get(id).replaceChildren(...rows);
  }

  #onClick(id: string, act: () => Promise<unknown>): void {
    this.#get(id).addEventListener('click', () => void act().catch((error: unknown) => reportError(id, error)));
  }

  #say(id: string, text: string): void {
    setText(this.#get(id), text);
  }

  #get<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
    return this.#document.getElementById(id) as Kind;
  }
}

/** Says how well the network agrees with the person, and what it takes before it may swipe. */
function gateText({ balanced, lowerBound, required, isOpen }: TasteState['agreement']): string {
  if (balanced === null) return translate('taste_unknown');
  const [agrees, bound, needed] = [balanced, lowerBound, required].map((share) => formatWholePercent(share));
  return translate(isOpen ? 'taste_open' : 'taste_shut', agrees!, bound!, needed!);
}

/** Formats `43 of 57 (75%)`. */
function tallyText({ agreed, disagreed }: TasteState['agreement']['likes']): string {
  const total = agreed + disagreed;
  if (total === 0) return '–';
  return translate('taste_tally', agreed, total, formatWholePercent(agreed / total));
}
