import type { PageStatus, Verdict } from '../../messages.ts';
import { reasonText } from '../../reason-text.ts';
import type { Reason } from '../../reasons.ts';
import type { PagePhoto, SitePage } from '../../sites/site-adapter.ts';
import type { Translate } from '../../texts.ts';
import { element, pageDirection, styleSheet } from '../element.ts';
import type { ProfileWatcher } from '../profiles/profile-watcher.ts';
import { drawMap } from '../why/draw-map.ts';
import type { Why } from '../why/why.ts';
import { Announcer } from './announcer.ts';
import { Lifeline } from './lifeline.ts';
import { OVERLAY_STYLE } from './overlay-style.ts';
import { photoMark, type ShownPhoto, SIGNS, verdictLine } from './verdict-text.ts';

/** The tag of the overlay's element. Anyone who inspects the page can see where the overlay comes from. */
export const OVERLAY_TAG = 'swipenet-overlay';

/** What a photo without a mark of its own shows. `unneeded` photos are never scored, so none of them shows anything. */
type OtherPhoto = 'pending' | 'unscored' | 'unneeded';

/** What the overlay needs. */
export interface OverlayParts {
  readonly document: Document;
  readonly page: SitePage;
  readonly watcher: ProfileWatcher;
  readonly translate: Translate;
  /** Paints where the evidence is, while the person wants that. */
  readonly why: Pick<Why, 'follow' | 'opacity' | 'onChange'>;
  /** True once the extension was updated, turned off or removed, and this script is cut off from it. */
  readonly isCutOff: () => boolean;
}

/**
 * Draws over the page: the confidence on the visible photo, the profile's decision, and a note when the person must
 * act. It lives in its own shadow root next to the page's tree, out of reach of the page's re-renders and styles. It
 * ignores pointer events, so the site's own controls keep working.
 */
export class Overlay {
  readonly #parts: OverlayParts;
  readonly #host: HTMLElement;
  readonly #frame: HTMLElement;
  readonly #stack: HTMLElement;
  readonly #map: HTMLElement;
  readonly #toast: HTMLElement;
  /** What came of the person's last swipe. */
  readonly #remark: HTMLElement;
  readonly #lifeline: Lifeline;
  readonly #announcer: Announcer;
  readonly #resized: ResizeObserver;
  /** Reports where a photo is after the page's own layout. Measuring it directly would force another layout. */
  readonly #sighted: IntersectionObserver;
  readonly #signal: AbortSignal;
  /** The element whose size is watched: the photo that the overlay was last drawn on. */
  #watched: Element | undefined;
  /** The photo that the frame covers. */
  #placedOn: Element | undefined;
  #photos: readonly ShownPhoto[] | undefined;
  /** What a photo that is not in {@link #photos} shows. */
  #other: OtherPhoto = 'pending';
  #line = '';
  #note = '';
  /** True while the verdict must stay hidden, so that it doesn't influence the person's own swipe. */
  #isHidden = false;
  /** What is shown, if it is a verdict, and not its progress. */
  #verdict: { readonly verdict: Verdict; readonly photos: readonly PagePhoto[] } | undefined;
  /** The size of the photo that the frame covers, in pixels. */
  #size = { width: 0, height: 0 };
  /** True if what is shown is a result, so that screen readers announce it. */
  #isResult = false;
  /** What was drawn last, so that the same content isn't drawn twice. */
  #drawn: readonly unknown[] = [];
  #placing = false;

  /** Adds the overlay to the page until the signal aborts. */
  constructor(parts: OverlayParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
    const { document, watcher } = parts;
    this.#host = document.createElement(OVERLAY_TAG);
    this.#host.lang = parts.translate('language'); // the page may be in another one, and run in another direction
    this.#host.dir = parts.translate('text_direction');
    // Closed, so that the page's scripts can't read a person's verdicts.
    const root = this.#host.attachShadow({ mode: 'closed' });
    root.adoptedStyleSheets = [styleSheet(OVERLAY_STYLE)];
    this.#frame = element(document, 'div', 'frame');
    this.#stack = element(document, 'div', 'stack');
    this.#toast = element(document, 'div', 'toast');
    this.#toast.hidden = true;
    this.#remark = element(document, 'div', 'toast remark');
    this.#remark.hidden = true;
    this.#announcer = new Announcer(document);
    this.#map = element(document, 'div', 'map');
    this.#frame.append(this.#map, this.#stack);
    // Its text is there from the start, because nobody translates it once the extension is gone.
    const notice = element(document, 'div', 'gone', parts.translate('overlay_reload'));
    notice.role = 'status';
    root.append(this.#frame, this.#toast, this.#remark, this.#announcer.region, notice);
    this.#resized = new ResizeObserver(() => this.#place());
    this.#sighted = new IntersectionObserver((entries) => this.#move(entries.at(-1)));
    watcher.onChange(() => this.#place(), signal);
    parts.why.onChange(() => this.#place(), signal);
    for (const event of ['scroll', 'resize', 'transitionend', 'animationend'] as const) {
      document.defaultView?.addEventListener(event, () => this.#place(), { capture: true, passive: true, signal });
    }
    signal.addEventListener('abort', () => this.#remove(), { once: true });
    document.documentElement.append(this.#host);
    this.#lifeline = new Lifeline({ ...parts, host: this.#host, notice }, signal);
  }

  /** Shows that the profile's photos are being read. */
  showReading(): void {
    this.#show([], this.#parts.translate('overlay_reading'));
  }

  /** Shows that `count` photos are on their way to the server. */
  showPending(count: number): void {
    this.#show(new Array(count).fill('pending'), this.#parts.translate('overlay_scoring', count));
  }

  /** Shows the confidences and the decision. `photos` are those of the verdict. */
  showVerdict(verdict: Verdict, photos: readonly PagePhoto[]): void {
    this.#show(verdict.photos, verdictLine(verdict, this.#parts.translate));
    this.#verdict = { verdict, photos };
    this.#isResult = true;
  }

  /** Shows what was decided without scoring photos. */
  showEarly(text: string): void {
    this.#show([], text, 'unneeded');
    this.#isResult = true;
  }

  /** Hides the verdict of the card on top, or shows it. The person still sees whether there is one. */
  setHidden(isHidden: boolean): void {
    this.#isHidden = isHidden;
    this.#place();
  }

  /** Shows what came of the person's last swipe, or removes it if the text is empty. */
  showRemark(text: string): void {
    this.#remark.hidden = text === '';
    this.#remark.textContent = text;
    this.#announcer.say(text);
  }

  /** Shows why there is no answer yet. The detail completes the reason's sentence. */
  showProblem(reason: Reason, detail = ''): void {
    const photos = (this.#photos ?? []).map((photo) => (photo === 'pending' ? 'unscored' : photo));
    this.#show(photos, reasonText({ reason, detail }, this.#parts.translate), 'unscored');
    this.#isResult = true;
  }

  /** Shows why the session is paused, or removes the note if there is no reason. */
  showStatus({ reason, detail }: PageStatus): void {
    const { translate } = this.#parts;
    const before = this.#note;
    this.#note = reason ? translate('overlay_paused', reasonText({ reason, detail }, translate)) : '';
    if (this.#note !== before) this.#announcer.say(this.#note);
    this.#place();
  }

  /** Hides the verdict: no profile is on top. */
  clear(): void {
    this.#photos = undefined;
    this.#place();
  }

  #show(photos: readonly ShownPhoto[], line: string, other: OtherPhoto = 'pending'): void {
    this.#photos = photos;
    this.#verdict = undefined;
    this.#isResult = false;
    this.#other = other;
    this.#line = line;
    this.#place();
  }

  /** Draws once in the next frame, no matter how often it is called before then. */
  #place(): void {
    if (this.#placing) return;
    this.#placing = true;
    this.#parts.document.defaultView?.requestAnimationFrame(() => {
      this.#placing = false;
      this.#draw();
    });
  }

  #draw(): void {
    if (this.#signal.aborted) return; // this frame was requested before the abort
    const { document, page } = this.#parts;
    if (!this.#host.isConnected) document.documentElement.append(this.#host); // the page removed it
    const view = this.#photos && page.view(); // show nothing over a dialog, which has its own buttons
    const shown = view?.kind === 'profile' ? page.shownPhoto(view.profile) : undefined;
    this.#frame.hidden = !shown || shown.element !== this.#placedOn;
    // The note is shown with the card, or at the top of the page if there is no card.
    this.#toast.hidden = !this.#note || shown !== undefined;
    if (this.#toast.textContent !== this.#note) this.#toast.textContent = this.#note;
    this.#watch(shown?.element);
    if (!shown) this.#paint(undefined);
    if (view?.kind === 'profile' && shown && this.#photos) {
      const line = this.#fill(this.#photos, shown.index);
      this.#paint(shown.index);
      if (this.#isResult) this.#announcer.sayOf(view.profile.key, line);
    }
  }

  /** Moves the frame over the photo once its position is known. */
  #move(sight: IntersectionObserverEntry | undefined): void {
    if (!sight || sight.target !== this.#watched) return;
    this.#placedOn = sight.target;
    const { left, top, width, height } = sight.boundingClientRect;
    const { style } = this.#frame;
    const place = `translate(${left}px, ${top}px)`;
    if (style.transform !== place) style.transform = place;
    if (style.width !== `${width}px`) style.width = `${width}px`;
    if (width !== this.#size.width || height !== this.#size.height) {
      this.#size = { width, height };
      this.#map.style.height = `${height}px`;
      this.#place(); // the map depends on it
    }
    this.#frame.hidden = this.#photos === undefined;
  }

  /** Observes the photo's size only if it is a new photo: each `observe` calls back, and the callback draws again. */
  #watch(photo: Element | undefined): void {
    this.#sighted.disconnect();
    if (photo) this.#sighted.observe(photo); // calls back once with its current position
    if (photo === this.#watched) return;
    this.#watched = photo;
    this.#resized.disconnect();
    if (photo) this.#resized.observe(photo);
  }

  /** Draws the marks, the line and the note unless they are there already. Returns the line. */
  #fill(photos: readonly ShownPhoto[], index: number): string {
    const { document, translate } = this.#parts;
    const isHidden = this.#isHidden && this.#verdict !== undefined;
    const line = isHidden ? translate('overlay_hidden') : this.#line;
    const drawn = [photos, this.#other, index, line, this.#note, isHidden];
    if (drawn.every((part, at) => part === this.#drawn[at])) return line;
    this.#drawn = drawn;
    const note = element(document, 'div', 'pill line note', this.#note);
    note.hidden = !this.#note;
    const marks = isHidden ? [] : this.#marks(photos, index);
    this.#stack.replaceChildren(...marks, element(document, 'div', 'pill line', line), note);
    return line;
  }

  /** Returns the mark of the photo that is shown, and a small one for each photo. */
  #marks(photos: readonly ShownPhoto[], index: number): HTMLElement[] {
    const { document, translate } = this.#parts;
    if (this.#other === 'unneeded') return [];
    const marks = photos.map((photo) => photoMark(photo, translate));
    const mark = marks[index] ?? photoMark(this.#other, translate);
    const pill = element(document, 'div', `pill ${mark.tone}`);
    pill.dataset.photo = String(index);
    pill.append(element(document, 'span', 'label', mark.label), element(document, 'span', 'percent', mark.percent));
    const strip = element(document, 'div', 'strip');
    strip.ariaHidden = 'true';
    strip.dir = pageDirection(document); // as the page turns its photos
    for (const [at, { tone }] of marks.entries()) {
      strip.append(element(document, 'span', at === index ? `${tone} current` : tone, SIGNS[tone]));
    }
    return [pill, strip];
  }

  /** Paints where the evidence in the photo is, unless the verdict must stay hidden. */
  #paint(index: number | undefined): void {
    const { why, translate } = this.#parts;
    const isVisible = index !== undefined && this.#verdict && !this.#isHidden;
    const subject = isVisible ? { ...this.#verdict!, index } : undefined;
    const evidence = why.follow(subject, this.#isHidden ? translate('overlay_hidden') : '');
    this.#map.hidden = !evidence;
    if (!evidence) return;
    this.#map.style.opacity = String(why.opacity);
    drawMap(this.#map, evidence, this.#size);
  }

  #remove(): void {
    this.#parts.why.follow(undefined);
    this.#resized.disconnect();
    this.#sighted.disconnect();
    this.#photos = undefined;
    if (this.#parts.isCutOff()) this.#lifeline.reveal();
    else this.#host.remove();
  }
}

/**
 * Removes what earlier versions of this script have drawn on the page. Firefox runs the script again after an update, in
 * pages that still have the old one's elements. Returns false if there are none.
 */
export function removeOldOverlays(document: Document): boolean {
  const old = document.querySelectorAll(OVERLAY_TAG);
  for (const host of old) host.remove();
  return old.length > 0;
}
