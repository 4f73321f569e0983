import { formatPercent } from '@swipenet/shared/confidence.ts';
import type { TasteOverview } from '../../own-messages.ts';
import { reportError } from '../../report-error.ts';
import { hasTasteConsent, type Settings } from '../../storage/settings.ts';
import { translate } from '../../texts.ts';

/** What the person can do in the panel. */
export interface TasteActions {
  readonly undo: () => Promise<unknown>;
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
  #version: string | undefined;

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
    this.#get('taste-versions').addEventListener('click', (event) => {
      const version = (event.target as HTMLElement).dataset.version;
      if (version) void actions.activate(version).catch((error) => reportError('activating a version', error));
    });
  }

  /** Asks for consent, or shows what was learned, in the modes in which it matters. */
  show(settings: Settings, overview: TasteOverview | undefined): void {
    const { mode } = settings;
    const isConcerned = mode === 'learn' || mode === 'swipe';
    const consented = hasTasteConsent(settings);
    this.#get('taste-consent').hidden = mode !== 'learn' || consented;
    this.#get('taste').hidden = !isConcerned || !consented;
    this.#get('gate').hidden = true;
    if (!overview || !isConcerned || !consented) return;
    if ('problem' in overview) {
      this.#say('taste-summary', translate(`reason_${overview.problem.reason}`, overview.problem.detail ?? ''));
      return;
    }
    this.#version = overview.version ?? undefined;
    this.#showAgreement(overview);
    this.#showVersions(overview);
    const isShut = this.#version !== undefined && !overview.agreement.isOpen;
    const isAllowed = this.#version === settings.taste.swipeAnyway;
    this.#get('gate').hidden = mode !== 'swipe' || !isShut || isAllowed;
    this.#say('gate-text', gateText(overview.agreement));
  }

  /** Says once what the built-in model judges, if that is what would swipe. */
  showModel({ mode, taste }: Settings, model: string | undefined): void {
    const isQuality = model !== undefined && /^quality(-int8)?$/.test(model);
    this.#get('quality-notice').hidden = mode !== 'swipe' || !isQuality || taste.knowsQuality;
  }

  #showAgreement(overview: Known): void {
    const { agreement, likes, passes, waiting, lost, version, every, isLearning } = overview;
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
    this.#say('taste-likes', tallyText(agreement.likes));
    this.#say('taste-passes', tallyText(agreement.passes));
    this.#say('taste-labels', translate('taste_labels', String(likes + passes), String(likes), String(passes)));
    const news = [
      ...(isLearning ? [translate('taste_learning')] : [translate('taste_next', String(every))]),
      ...(waiting > 0 ? [translate('taste_waiting', String(waiting))] : []),
      ...(lost > 0 ? [translate('taste_lost', String(lost))] : []),
    ];
    this.#say('taste-news', news.join(' '));
    this.#get<HTMLButtonElement>('taste-undo').disabled = likes + passes + waiting === 0;
  }

  #showVersions({ versions }: Known): void {
    const rows = versions.toReversed().map(({ id, isActive, balancedAccuracy }) => {
      const row = this.#document.createElement('li');
      const name = this.#document.createElement('span');
      const figure = balancedAccuracy === null ? '' : translate('taste_figure', formatPercent(balancedAccuracy));
      name.textContent = [id, figure, ...(isActive ? [translate('taste_active')] : [])].filter(Boolean).join(' · ');
      row.append(name);
      if (!isActive) {
        const button = this.#document.createElement('button');
        button.type = 'button';
        button.dataset.version = id;
        button.textContent = translate('taste_activate');
        row.append(button);
      }
      return row;
    });
    this.#get('taste-versions').replaceChildren(...rows);
    this.#get<HTMLButtonElement>('taste-rollback').disabled = versions.findIndex(({ isActive }) => isActive) < 1;
  }

  #onClick(id: string, act: () => Promise<unknown>): void {
    this.#get(id).addEventListener('click', () => void act().catch((error: unknown) => reportError(id, error)));
  }

  #say(id: string, text: string): void {
    if (this.#get(id).textContent !== text) this.#get(id).textContent = text;
  }

  #get<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
    return this.#document.getElementById(id) as Kind;
  }
}

type Known = Exclude<TasteOverview, { problem: unknown }>;

/** Says how well the network agrees with the person, and what it takes before it may swipe. */
function gateText({ balanced, lowerBound, required, isOpen }: Known['agreement']): string {
  if (balanced === null) return translate('taste_unknown');
  const [agrees, bound, needed] = [balanced, lowerBound, required].map((share) => formatPercent(share));
  return translate(isOpen ? 'taste_open' : 'taste_shut', agrees!, bound!, needed!);
}

/** Formats `43 of 57 (75%)`. */
function tallyText({ agreed, disagreed }: Known['agreement']['likes']): string {
  const total = agreed + disagreed;
  if (total === 0) return '–';
  return translate('taste_tally', String(agreed), String(total), formatPercent(agreed / total));
}
