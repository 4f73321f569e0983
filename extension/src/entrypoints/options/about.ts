import type { PageCheck, ServerState } from '../../own-messages.ts';
import { reportError } from '../../report-error.ts';
import { translate } from '../../texts.ts';
import { browserAndVersion, pageCheckText } from '../popup/page-check-text.ts';
import { HELP_URL, PRIVACY_URL } from './project-links.ts';
import { reportUrl } from './report-url.ts';

/** What {@link About} needs. */
export interface AboutParts {
  /** The extension's own version. */
  readonly version: string;
  readonly userAgent: string;
  readonly askServer: () => Promise<ServerState>;
  /** Checks the page that reported last, or returns null if there is none. */
  readonly checkPage: () => Promise<PageCheck | null>;
}

/** The end of the options page: versions, help, privacy, and a report that the person reads before GitHub gets it. */
export class About {
  readonly #document: Document;
  readonly #parts: AboutParts;

  constructor(document: Document, parts: AboutParts) {
    this.#document = document;
    this.#parts = parts;
    this.#get('about-version').textContent = parts.version;
    this.#get<HTMLAnchorElement>('about-help').href = HELP_URL;
    this.#get<HTMLAnchorElement>('about-privacy').href = PRIVACY_URL;
    this.#get('report').addEventListener('click', () => {
      this.#report().catch((error: unknown) => reportError('preparing a report', error));
    });
  }

  /** Asks the server for its version and shows it. */
  async refresh(): Promise<void> {
    this.#get('about-server').textContent = serverText(await this.#parts.askServer());
  }

  async #report(): Promise<void> {
    const { version, userAgent, checkPage, askServer } = this.#parts;
    const check = await checkPage();
    const text = check ? pageCheckText(check, { version, userAgent }) : translate('report_no_page');
    const server = serverText(await askServer());
    const versions = `${browserAndVersion(userAgent)}, Swipenet ${version}, ${translate('popup_server')}: ${server}`;
    const page = check ? `${check.site}: ${check.view}` : '';
    this.#get('report-text').textContent = [versions, text].join('\n\n');
    this.#get<HTMLAnchorElement>('report-open').href = reportUrl(
      { page, check: text, versions },
      translate('report_cut'),
    );
    this.#get<HTMLDialogElement>('report-dialog').showModal();
  }

  #get<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
    return this.#document.getElementById(id) as Kind;
  }
}

/** Returns the server's version. Its address and the reason of a failure may be private, so neither is in it. */
function serverText(state: ServerState): string {
  if ('problem' in state) return translate('popup_not_connected');
  return state.version ?? translate('about_server_old');
}
