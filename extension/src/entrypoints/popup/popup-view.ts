import type { Commands } from 'webextension-polyfill';
import { COUNTED, type PageStatus } from '../../messages.ts';
import type { OwnAnswer, ServerState } from '../../own-messages.ts';
import { isQuiet, needsPerson } from '../../reasons.ts';
import { reportError } from '../../report-error.ts';
import { hasConsent, type Settings } from '../../storage/settings.ts';
import { translate } from '../../texts.ts';

/** The popup's document: what it shows and what the person does in it. */
export class PopupView {
  readonly #document: Document;
  /** True while the person's choice is on its way to the settings: what is stored is older than what they see. */
  #choosing = false;

  constructor(document: Document) {
    this.#document = document;
  }

  /** Shows control, counts, and what the page says. */
  show(settings: Settings, { counts, today, page }: OwnAnswer<'overview'>): void {
    const { mode, limits } = settings;
    for (const input of this.#document.querySelectorAll<HTMLInputElement>('[name=mode]')) {
      if (!this.#choosing) input.checked = input.value === mode;
    }
    if (!this.#choosing) this.#get('hint').textContent = translate(`mode_${mode}_hint`);
    const consented = hasConsent(settings);
    this.#get('consent').hidden = consented;
    for (const counted of COUNTED) {
      this.#document.querySelector(`[data-count=${counted}]`)!.textContent = String(counts[counted]);
    }
    this.#get('today').textContent =
      limits.perDay === null
        ? translate('popup_today', String(today.swipes))
        : translate('popup_today_of', String(today.swipes), String(limits.perDay));
    const reason = page?.reason;
    this.#get('status').hidden = !consented || mode === 'off';
    this.#get('status').dataset.tone = toneOf(page);
    this.#get('reason').textContent = reason
      ? translate(`reason_${reason}`, page.detail ?? '')
      : translate(page ? 'popup_working' : 'popup_no_page');
    // While it only shows, nothing was stopped that could go on; but for a page that it failed to read.
    const stopped = mode === 'swipe' || reason === 'page_unreadable';
    this.#get('resume').hidden = !reason || !needsPerson(reason) || !stopped;
  }

  /** Shows whether the server answers, and with what. */
  showServer(state: ServerState): void {
    const server = this.#get('server');
    const failed = 'problem' in state;
    server.dataset.tone = failed ? 'bad' : 'good';
    server.querySelector('b')!.textContent = translate(failed ? 'popup_not_connected' : 'popup_connected');
    server.querySelector('span')!.textContent = failed
      ? translate(`reason_${state.problem.reason}`, state.problem.detail ?? '')
      : translate('popup_model', state.model, deviceName(state.device));
  }

  /** Shows what was found of the page, as text to copy; or that there is none. */
  showCheck(text: string | undefined): void {
    const found = text !== undefined;
    this.#get('check-hint').textContent = translate(found ? 'popup_check_hint' : 'popup_check_none');
    this.#get('check-text').textContent = text ?? '';
    this.#get('check-text').hidden = !found;
    this.#get('copy').hidden = !found;
    this.#get('copied').textContent = '';
    this.#get<HTMLDialogElement>('check').showModal();
  }

  /** Names the key of the panic stop, where one is set. */
  showPanicKey(command: Commands.Command | undefined): void {
    if (command?.shortcut) this.#get('panic').textContent = translate('popup_panic', command.shortcut);
  }

  /** Calls back with the state that the person chooses. */
  onMode(choose: (mode: string) => Promise<unknown>): void {
    this.#get('control').addEventListener('change', (event) => {
      this.#choosing = true;
      choose((event.target as HTMLInputElement).value)
        .catch((error) => reportError('setting the control', error))
        .finally(() => {
          this.#choosing = false;
        });
    });
  }

  /** Calls back when the person lets it go on. */
  onResume(resume: () => void): void {
    this.#get('resume').addEventListener('click', resume);
  }

  /** Calls back when the person wants the page checked. */
  onCheck(check: () => void): void {
    this.#get('ask-check').addEventListener('click', check);
  }

  /** Calls back with what is to be copied. */
  onCopy(copy: (text: string) => Promise<unknown>): void {
    this.#get('copy').addEventListener('click', () => {
      copy(this.#get('check-text').textContent).then(
        () => {
          this.#get('copied').textContent = translate('popup_copied');
        },
        (error) => reportError('copying', error),
      );
    });
  }

  /** Calls back when the person wants to decide about consent. */
  onConsent(open: () => void): void {
    this.#get('ask-consent').addEventListener('click', open);
  }

  #get<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
    return this.#document.getElementById(id) as Kind;
  }
}

/** How what a page does is coloured: `bad` is for what wants the person or is out of order. */
export function toneOf(page: PageStatus | null): 'good' | 'bad' | '' {
  if (!page || (page.reason && isQuiet(page.reason))) return '';
  return page.reason ? 'bad' : 'good';
}

/** `cpu` → `CPU`, `cuda:0` → `GPU (cuda:0)`. */
export function deviceName(device: string): string {
  return device === 'cpu' ? 'CPU' : `GPU (${device})`;
}
