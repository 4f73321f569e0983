import { heatGradient, heatScale } from '@swipenet/shared/heat-map.ts';
import { EVIDENCE_SIDE } from '@swipenet/shared/photo.ts';
import type { Evidence } from '../../messages.ts';
import { formatSigned, formatWholePercent, type Translate } from '../../texts.ts';
import { element } from '../element.ts';
import { drawMap } from './draw-map.ts';

/** What is known about a photo: its evidence, why there is none, or nothing yet. */
export type Known = Evidence | { readonly text: string } | undefined;

/** How much of the photo the map covers at first, in percent. */
const OPACITY_PERCENT = 60;

const MOVES: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -EVIDENCE_SIDE,
  ArrowDown: EVIDENCE_SIDE,
};

/** The cell that the arrow keys begin with. */
const MIDDLE = (EVIDENCE_SIDE ** 2 - 1) / 2;

/** What the person does in the panel. */
export interface WhyActs {
  /** Chooses the deciding photo, or the one on top. */
  readonly choose: (isDeciding: boolean) => void;
  /** Changes the opacity. */
  readonly fade: () => void;
}

/**
 * The part of the control that explains a photo: the photo with its map, the value of a cell, the legend and the opacity.
 * The cells are read with the pointer or the arrow keys.
 */
export class WhyPanel {
  readonly element: HTMLElement;
  readonly #translate: Translate;
  readonly #title: HTMLElement;
  readonly #other: HTMLButtonElement;
  readonly #picture: HTMLElement;
  readonly #photo: HTMLImageElement;
  readonly #map: HTMLElement;
  readonly #mark: HTMLElement;
  readonly #value: HTMLElement;
  readonly #ends: readonly HTMLElement[];
  readonly #opacity: HTMLInputElement;
  #known: Known;
  #cell: number | undefined;
  #isDeciding = false;

  constructor(document: Document, translate: Translate, acts: WhyActs) {
    this.#translate = translate;
    this.element = element(document, 'div', 'why-panel');
    this.element.hidden = true;
    this.#title = element(document, 'div', 'why-title');
    this.#other = element(document, 'button', 'why-other');
    this.#picture = element(document, 'div', 'why-picture');
    this.#picture.tabIndex = 0;
    this.#picture.role = 'application'; // the arrow keys go from cell to cell
    this.#picture.ariaLabel = translate('why_cells');
    this.#photo = element(document, 'img', '');
    this.#photo.alt = '';
    this.#map = element(document, 'div', 'why-map');
    this.#mark = element(document, 'div', 'why-mark');
    this.#picture.append(this.#photo, this.#map, this.#mark);
    this.#value = element(document, 'div', 'why-value');
    this.#value.ariaLive = 'polite';
    const scale = element(document, 'div', 'why-scale');
    scale.style.backgroundImage = heatGradient();
    this.#ends = [element(document, 'span', ''), element(document, 'span', '')];
    const legend = element(document, 'div', 'why-legend');
    legend.append(this.#ends[0]!, scale, this.#ends[1]!);
    this.#opacity = element(document, 'input', '');
    Object.assign(this.#opacity, { type: 'range', min: '0', max: '100', value: String(OPACITY_PERCENT) });
    const label = element(document, 'label', 'why-opacity', translate('why_opacity'));
    label.append(this.#opacity);
    this.element.append(this.#title, this.#other, this.#picture, this.#value, legend, label);

    this.#other.addEventListener('click', () => acts.choose(!this.#isDeciding));
    this.#opacity.addEventListener('input', () => {
      this.#fade();
      acts.fade();
    });
    this.#picture.addEventListener('pointermove', (event) => this.#point(event));
    this.#picture.addEventListener('pointerleave', () => this.#read(undefined));
  }

  /** Takes a key that was pressed in the control: in the picture, the arrow keys go from cell to cell. */
  key(event: KeyboardEvent): void {
    const move = MOVES[event.key];
    if (move === undefined || (this.#picture.getRootNode() as ShadowRoot).activeElement !== this.#picture) return;
    event.preventDefault();
    const next = this.#cell === undefined ? MIDDLE : this.#cell + move;
    const rowOf = (cell: number) => Math.floor(cell / EVIDENCE_SIDE);
    const leavesRow = Math.abs(move) === 1 && rowOf(next) !== rowOf(this.#cell ?? next);
    if (next >= 0 && next < EVIDENCE_SIDE ** 2 && !leavesRow) this.#read(next);
  }

  /** From 0 to 1. */
  get opacity(): number {
    return Number(this.#opacity.value) / 100;
  }

  /** Shows a photo and what is known about it. `deciding` is there if another photo decided. */
  show(
    known: Known,
    photo: { readonly at: number; readonly url: string } | undefined,
    deciding: { readonly isChosen: boolean } | undefined,
  ): void {
    const translate = this.#translate;
    const evidence = known && 'evidence' in known ? known : undefined;
    this.#isDeciding = deciding?.isChosen ?? false;
    this.#other.hidden = !deciding;
    this.#other.textContent = translate(this.#isDeciding ? 'why_this' : 'why_deciding');
    const percent =
      evidence &&
      `${translate(`label_${evidence.label === 'LIKE' ? 'like' : 'nope'}`)} ${formatWholePercent(evidence.like, translate)}`;
    this.#title.textContent = photo ? translate('why_photo', photo.at + 1, percent ?? '…') : '';
    for (const part of [this.#picture, ...this.#ends.map((end) => end.parentElement!)]) part.hidden = !evidence;
    if (photo && this.#photo.src !== photo.url) this.#photo.src = photo.url;
    if (this.#known !== known) {
      this.#known = known;
      this.#read(undefined);
    }
    if (!evidence) return;
    const scale = heatScale([evidence.evidence]);
    for (const [at, key] of (['label_nope', 'label_like'] as const).entries()) {
      this.#ends[at]!.textContent = `${translate(key)} ${formatSigned(at === 0 ? -scale : scale, 2, translate)}`;
    }
    drawMap(this.#map, evidence, evidence);
    this.#fade();
  }

  #fade(): void {
    this.#map.style.opacity = String(this.opacity);
  }

  #point({ clientX, clientY }: PointerEvent): void {
    const { left, top, width, height } = this.#map.firstElementChild!.getBoundingClientRect();
    const [column, row] = [(clientX - left) / width, (clientY - top) / height].map((share) =>
      Math.floor(share * EVIDENCE_SIDE),
    ) as [number, number];
    const isInside = [column, row].every((at) => at >= 0 && at < EVIDENCE_SIDE);
    this.#read(isInside ? row * EVIDENCE_SIDE + column : undefined);
  }

  /** Shows the value of a cell, or how to get one. */
  #read(cell: number | undefined): void {
    this.#cell = cell;
    const known = this.#known;
    const translate = this.#translate;
    this.#mark.hidden = cell === undefined || !known || 'text' in known;
    if (!known) this.#value.textContent = translate('why_asking');
    else if ('text' in known) this.#value.textContent = known.text;
    else if (cell === undefined) this.#value.textContent = translate('why_hint');
    else {
      const [row, column] = [Math.floor(cell / EVIDENCE_SIDE), cell % EVIDENCE_SIDE];
      this.#value.textContent = translate(
        'why_cell',
        row + 1,
        column + 1,
        formatSigned(known.evidence[cell]!, 2, translate),
      );
      const { style } = this.#map.firstElementChild as HTMLElement;
      const part = (size: string, at: number) => `calc(${size} * ${at / EVIDENCE_SIDE})`;
      Object.assign(this.#mark.style, {
        left: `calc(${style.left} + ${part(style.width, column)})`,
        top: `calc(${style.top} + ${part(style.height, row)})`,
        width: part(style.width, 1),
        height: part(style.height, 1),
      });
    }
  }
}
