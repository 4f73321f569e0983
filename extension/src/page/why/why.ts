import type { Answer, Evidence, Verdict } from '../../messages.ts';
import { reasonText } from '../../reason-text.ts';
import { reportError } from '../../report-error.ts';
import type { PagePhoto } from '../../sites/site-adapter.ts';
import type { Translate } from '../../texts.ts';
import { type Known, WhyPanel } from './why-panel.ts';

/** A profile whose verdict is visible, and which of its photos the page shows. */
export interface WhySubject {
  readonly photos: readonly PagePhoto[];
  readonly verdict: Verdict;
  readonly index: number;
}

/** What {@link Why} needs. */
export interface WhyParts {
  readonly document: Document;
  readonly translate: Translate;
  /** Asks the worker where the evidence in a photo is. Rejects if the worker dies. */
  readonly ask: (url: string) => Promise<Answer<'why'>>;
}

/**
 * Why: where in a photo the evidence for LIKE and for NOPE is. While it is on, the overlay paints the photo on top, and the
 * panel in the control shows the photo on top or the deciding one. Nothing is asked for until the person turns it on, and
 * nothing is shown while the verdict is hidden. Evidence is kept for one profile.
 */
export class Why {
  readonly panel: WhyPanel;
  readonly #parts: WhyParts;
  readonly #changed = new Set<() => void>();
  #isOn = false;
  #wantsDeciding = false;
  #subject: WhySubject | undefined;
  /** Why there is no subject, as a text. */
  #absence = '';
  /** By the photo's URL. */
  #known = new Map<string, Known>();

  constructor(parts: WhyParts) {
    this.#parts = parts;
    this.panel = new WhyPanel(parts.document, parts.translate, {
      choose: (isDeciding) => {
        this.#wantsDeciding = isDeciding;
        this.#update();
      },
      fade: () => this.#tell(),
    });
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** From 0 to 1. */
  get opacity(): number {
    return this.panel.opacity;
  }

  /** Calls back whenever something else is to be drawn, until the signal aborts. */
  onChange(changed: () => void, signal: AbortSignal): void {
    this.#changed.add(changed);
    signal.addEventListener('abort', () => this.#changed.delete(changed));
  }

  toggle(): void {
    this.#isOn = !this.#isOn;
    this.#wantsDeciding = false;
    if (!this.#isOn) this.#known.clear();
    this.#update();
  }

  /** Follows what the overlay shows, and returns the evidence in the photo on top, if it is to be painted. */
  follow(subject: WhySubject | undefined, absence = ''): Evidence | undefined {
    const { photos, verdict, index } = this.#subject ?? {};
    const isSame =
      subject?.photos === photos &&
      subject?.verdict === verdict &&
      subject?.index === index &&
      absence === this.#absence;
    if (!isSame) {
      if (subject?.photos !== photos) {
        this.#known.clear();
        this.#wantsDeciding = false;
      }
      this.#subject = subject;
      this.#absence = absence;
      this.#update();
    }
    if (!this.#isOn || !subject) return undefined;
    const known = this.#of(subject, subject.index);
    return known && 'evidence' in known ? known : undefined;
  }

  #update(): void {
    this.panel.element.hidden = !this.#isOn;
    if (this.#isOn) this.#show();
    this.#tell();
  }

  #show(): void {
    const subject = this.#subject;
    if (!subject) {
      const { translate } = this.#parts;
      this.panel.show({ text: this.#absence || translate('why_no_verdict') }, undefined, undefined);
      return;
    }
    const { decision } = subject.verdict;
    const deciding = 'photo' in decision && decision.photo !== subject.index ? decision.photo : undefined;
    const isDeciding = this.#wantsDeciding && deciding !== undefined;
    const at = isDeciding ? deciding : subject.index;
    const photo = subject.photos[at];
    this.panel.show(
      this.#of(subject, at),
      photo && 'url' in photo ? { at, url: photo.url } : undefined,
      deciding === undefined ? undefined : { isChosen: isDeciding },
    );
  }

  /** Returns what is known about a photo, and asks about it if that is nothing yet. */
  #of({ photos }: WhySubject, at: number): Known {
    const photo = photos[at];
    if (!photo || !('url' in photo)) return { text: this.#parts.translate('why_no_photo') };
    const { url } = photo;
    if (!this.#known.has(url)) void this.#ask(url);
    return this.#known.get(url);
  }

  async #ask(url: string): Promise<void> {
    const { ask, translate } = this.#parts;
    const known = this.#known;
    known.set(url, undefined);
    const answer = await ask(url).catch((error: unknown): { problem: { reason: 'worker_gone' } } => {
      reportError('asking why', error);
      return { problem: { reason: 'worker_gone' } };
    });
    if (!known.has(url)) return; // another profile is on top
    if (!answer) known.set(url, { text: translate('why_no_photo') });
    else if ('problem' in answer) {
      known.set(url, { text: reasonText(answer.problem, translate) });
    } else known.set(url, answer);
    this.#update();
  }

  #tell(): void {
    for (const changed of this.#changed) changed();
  }
}
