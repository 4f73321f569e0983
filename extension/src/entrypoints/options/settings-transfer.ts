import { reportError } from '../../report-error.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../storage/settings.ts';
import {
  MAX_FILE_BYTES,
  type PortableSettings,
  portable,
  readSettingsFile,
  settingsFile,
  sideEffects,
  withPortable,
} from '../../storage/settings-file.ts';
import { translate } from '../../texts.ts';

/** What the person wants to do with all portable settings at once. */
type Wanted = 'import' | 'reset';

/** What {@link SettingsTransfer} needs. */
export interface TransferParts {
  readonly read: () => Promise<Settings>;
  readonly replace: (change: (before: Settings) => Settings) => Promise<Settings>;
  readonly save: (content: string) => void;
  /** The settings were replaced, so the forms must show the new ones. */
  readonly replaced: (settings: Settings) => void;
}

/** Exports the settings to a file, imports them, and resets them. The last two only after the person has confirmed. */
export class SettingsTransfer {
  readonly #document: Document;
  readonly #parts: TransferParts;
  readonly #dialog: HTMLDialogElement;
  /** What the open dialog is about. */
  #pending: { readonly wanted: Wanted; readonly settings: PortableSettings } | undefined;

  constructor(document: Document, parts: TransferParts) {
    this.#document = document;
    this.#parts = parts;
    this.#dialog = this.#get<HTMLDialogElement>('transfer');
    const file = this.#get<HTMLInputElement>('settings-file');
    const attempt = (step: string, work: Promise<void>) =>
      void work.catch((error: unknown) => reportError(step, error));
    this.#get('settings-export').addEventListener('click', () => attempt('exporting the settings', this.#export()));
    this.#get('settings-import').addEventListener('click', () => file.click());
    this.#get('settings-reset').addEventListener('click', () =>
      attempt('resetting the settings', this.#ask('reset', portable(DEFAULT_SETTINGS))),
    );
    file.addEventListener('change', () => {
      const [chosen] = file.files ?? [];
      if (chosen) attempt('importing the settings', this.#open(chosen));
      file.value = ''; // so that choosing the same file again is a change
    });
    this.#dialog.addEventListener('close', () => {
      if (this.#dialog.returnValue === 'replace') attempt('replacing the settings', this.#replace());
    });
  }

  async #export(): Promise<void> {
    this.#parts.save(settingsFile(await this.#parts.read()));
    this.#say('settings_exported', 'good');
  }

  async #open(file: Blob): Promise<void> {
    const read =
      file.size > MAX_FILE_BYTES ? ({ problem: 'file_too_large' } as const) : readSettingsFile(await file.text());
    if ('problem' in read) return this.#say(`settings_${read.problem}`, 'bad');
    await this.#ask('import', read);
  }

  /** Shows what replacing the settings does, and lets the person decide. */
  async #ask(wanted: Wanted, settings: PortableSettings): Promise<void> {
    this.#pending = { wanted, settings };
    const effects = sideEffects(await this.#parts.read(), settings).map((effect) => {
      const item = this.#document.createElement('li');
      item.textContent = translate(`settings_${effect}`, settings.historyDays);
      return item;
    });
    this.#get('transfer-title').textContent = translate(`settings_${wanted}_title`);
    this.#get('transfer-effects').replaceChildren(...effects);
    this.#get('transfer-effects').hidden = effects.length === 0;
    this.#get('transfer-sure').textContent = translate(`settings_${wanted}_sure`);
    this.#dialog.returnValue = ''; // it still has the previous choice
    this.#dialog.showModal();
  }

  async #replace(): Promise<void> {
    if (!this.#pending) return;
    const { wanted, settings } = this.#pending;
    this.#parts.replaced(await this.#parts.replace((before) => withPortable(before, settings)));
    this.#say(`settings_${wanted}_done`, 'good');
  }

  #say(text: Parameters<typeof translate>[0], tone: 'good' | 'bad'): void {
    const notice = this.#get('transferred');
    notice.hidden = false;
    notice.dataset.tone = tone;
    notice.textContent = translate(text);
  }

  #get<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
    return this.#document.getElementById(id) as Kind;
  }
}
