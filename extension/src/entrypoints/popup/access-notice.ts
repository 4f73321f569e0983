import { reportError } from '../../report-error.ts';
import { translate } from '../../texts.ts';
import { setText } from '../own-page/set-text.ts';

/** The notice about sites that the browser withholds, with a button that asks for access to them. */
export class AccessNotice {
  readonly #section: HTMLElement;
  readonly #text: HTMLElement;
  readonly #button: HTMLElement;
  #withheld: readonly string[] = [];
  /** What came of the request, until the popup closes. */
  #outcome: 'access_allowed' | 'access_refused' | undefined;

  /** `request` asks the browser for access to match patterns, and resolves to whether it was given. */
  constructor(document: Document, request: (origins: string[]) => Promise<boolean>) {
    this.#section = document.getElementById('access')!;
    this.#text = document.getElementById('access-text')!;
    this.#button = document.getElementById('allow-access')!;
    this.#button.addEventListener('click', () => {
      // The browser asks the person only while it handles the click, so nothing may be awaited before.
      request([...this.#withheld]).then(
        (given) => this.#end(given),
        (error) => {
          reportError('asking for access', error); // some browsers don't allow the request, or a policy doesn't
          this.#end(false);
        },
      );
    });
  }

  /** Shows which origins are withheld, given as match patterns. Hides the notice if there is nothing to say. */
  show(withheld: readonly string[]): void {
    this.#withheld = withheld;
    if (withheld.length === 0 && this.#outcome === 'access_refused') this.#outcome = undefined;
    // An older answer of the worker can come after the person has allowed access, so it doesn't take back the outcome.
    const said = withheld.length > 0 && this.#outcome !== 'access_refused' ? 'access_withheld' : this.#outcome;
    const hosts = withheld.map((origin) => new URL(origin).hostname).join(', ');
    this.#section.hidden = !said;
    this.#section.dataset.tone = withheld.length > 0 ? 'bad' : 'good';
    if (said) setText(this.#text, translate(said, hosts));
    this.#button.hidden = withheld.length === 0;
  }

  #end(given: boolean): void {
    this.#outcome = given ? 'access_allowed' : 'access_refused';
    this.show(given ? [] : this.#withheld);
  }
}
