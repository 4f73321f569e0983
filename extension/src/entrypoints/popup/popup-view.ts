import type { Commands } from 'webextension-polyfill';
import { MODES } from '../../control-acts.ts';
import { COUNTED, type PageStatus } from '../../messages.ts';
import type { OwnAnswer, ServerState } from '../../own-messages.ts';
import { reasonText } from '../../reason-text.ts';
import { canResume, isQuiet } from '../../reasons.ts';
import { reportError } from '../../report-error.ts';
import { hasConsent, type Settings } from '../../storage/settings.ts';
import { formatNumber, translate } from '../../texts.ts';
import { setText } from '../own-page/set-text.ts';

/** The document of the popup: shows the current state, and reports what the person does. */
export class PopupView {
  readonly #document: Document;
  /** The person's last choice of a mode while it is being stored. Until then, the stored one is older. */
  #choice: { readonly mode: Settings['mode'] } | undefined;

  constructor(document: Document) {
    this.#document = document;
  }

  /** Shows the control, the counts and the status of the page. */
  show(settings: Settings, { counts, today, page, needsReload, withheld }: OwnAnswer<'overview'>): void {
    const { mode, limits } = settings;
    const chosen = this.#choice?.mode ?? mode;
    for (const input of this.#document.querySelectorAll<HTMLInputElement>('[name=mode]')) {
      input.checked = input.value === chosen;
    }
    setText(this.#get('hint'), translate(`mode_${chosen}_hint`));
    const consented = hasConsent(settings);
    this.#get('consent').hidden = consented;
    for (const counted of COUNTED) {
      this.#document.querySelector(`[data-count=${counted}]`)!.textContent = formatNumber(counts[counted]);
    }
    this.#get('today').textContent =
      limits.perDay === null
        ? translate('popup_today', today.swipes)
        : translate('popup_today_of', today.swipes, limits.perDay);
    const reason = page?.reason;
    // The panel about learning explains a shut gate, and the notice about access says what is withheld.
    const explained = reason === 'gate_closed' || (reason === 'photo_access' && withheld.length > 0);
    this.#get('status').hidden = !consented || mode === 'off' || explained;
    this.#get('status').dataset.tone = needsReload ? 'bad' : toneOf(page);
    setText(this.#get('reason'), statusText(page, needsReload));
    this.#get('ask-why').hidden = needsReload || !page || (mode !== 'show' && mode !== 'swipe');
    this.#get('resume').hidden = needsReload || !canResume(reason ?? null, mode === 'swipe');
  }

  /** Shows the server's model, or why the server didn't answer. */
  showServer(state: ServerState): void {
    const server = this.#get('server');
    const failed = 'problem' in state;
    server.dataset.tone = failed ? 'bad' : 'good';
    setText(server.querySelector('b')!, translate(failed ? 'popup_not_connected' : 'popup_connected'));
    const said = failed ? reasonText(state.problem) : translate('popup_model', state.model, deviceName(state.device));
    setText(server.querySelector('span')!, said);
  }

  /** Shows a page check as text to copy, or says that there is no page to check. */
  showCheck(text: string | undefined): void {
    const found = text !== undefined;
    this.#get('check-hint').textContent = translate(found ? 'popup_check_hint' : 'popup_check_none');
    this.#get('check-text').textContent = text ?? '';
    this.#get('check-text').hidden = !found;
    this.#get('copy').hidden = !found;
    this.#get('copied').textContent = '';
    this.#get<HTMLDialogElement>('check').showModal();
  }

  /** Shows the keys that stop Swipenet, if any are set. */
  showKeys(commands: readonly Commands.Command[]): void {
    const texts = { 'panic-stop': 'popup_panic', 'pause-resume': 'popup_pause_key' } as const;
    const said = Object.entries(texts).flatMap(([command, text]) => {
      const { shortcut } = commands.find(({ name }) => name === command) ?? {};
      return shortcut ? [translate(text, shortcut)] : [];
    });
    this.#get('panic').textContent = said.join(' ');
  }

  /** Offers to show the control on the page, if the person has hidden it. */
  showHiddenControl(isHidden: boolean): void {
    this.#get('show-control').hidden = !isHidden;
  }

  /** Calls back when the person wants the control on the page again. */
  onShowControl(show: () => void): void {
    this.#get('show-control').addEventListener('click', show);
  }

  /** Calls back with the mode that the person chooses. */
  onMode(choose: (mode: Settings['mode']) => Promise<unknown>): void {
    this.#get('control').addEventListener('change', (event) => {
      const mode = MODES.find((known) => known === (event.target as HTMLInputElement).value);
      if (!mode) return;
      const choice = { mode };
      this.#choice = choice;
      choose(mode)
        .catch((error) => reportError('setting the control', error))
        .finally(() => {
          if (this.#choice === choice) this.#choice = undefined; // there may be a newer one
        });
    });
  }

  /** Calls back when the person clicks Resume. */
  onWhy(why: () => void): void {
    this.#get('ask-why').addEventListener('click', why);
  }

  onResume(resume: () => void): void {
    this.#get('resume').addEventListener('click', resume);
  }

  /** Calls back when the person clicks Check this page. */
  onCheck(check: () => void): void {
    this.#get('ask-check').addEventListener('click', check);
  }

  /** Calls back with the text to copy. */
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

  /** Calls back when the person wants to read about consent and decide. */
  onConsent(open: () => void): void {
    this.#get('ask-consent').addEventListener('click', open);
  }

  #get<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
    return this.#document.getElementById(id) as Kind;
  }
}

function statusText(page: PageStatus | null, needsReload: boolean): string {
  if (needsReload) return translate('popup_reload');
  if (page?.reason) return reasonText({ ...page, reason: page.reason });
  return translate(page ? 'popup_working' : 'popup_no_page');
}

/** Returns the color of a page's status. `bad` means that the person needs to act, or that something is wrong. */
export function toneOf(page: PageStatus | null): 'good' | 'bad' | '' {
  if (!page || (page.reason && isQuiet(page.reason))) return '';
  return page.reason ? 'bad' : 'good';
}

/** Formats a device for people: `cpu` as `CPU`, `cuda:0` as `GPU (cuda:0)`. */
export function deviceName(device: string): string {
  return device === 'cpu' ? 'CPU' : `GPU (${device})`;
}
