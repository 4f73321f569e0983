import { heatPixels, heatScale, seenArea } from '@swipenet/shared/heat-map.ts';
import { EVIDENCE_SIDE } from '@swipenet/shared/photo.ts';
import type { Evidence } from '../../messages.ts';

/** A width and a height. */
interface Extent {
  readonly width: number;
  readonly height: number;
}

/**
 * Draws a map into a box that shows a photo, where the network saw it. The photo covers the box and is centered, as dating
 * pages show photos: what doesn't fit is cut off.
 *
 * @param box the size of the box, in any unit. Everything is drawn in shares of it.
 */
export function drawMap(into: HTMLElement, evidence: Evidence, box: Extent): void {
  const { width, height, resize } = evidence;
  const scale = Math.max(box.width / width, box.height / height);
  const area = seenArea(width, height, resize);
  let canvas = into.firstElementChild as HTMLCanvasElement | null;
  if (!canvas) {
    canvas = into.ownerDocument.createElement('canvas');
    canvas.width = EVIDENCE_SIDE;
    canvas.height = EVIDENCE_SIDE;
    into.append(canvas);
  }
  const percent = (length: number, of: number) => `${(100 * length) / of}%`;
  Object.assign(canvas.style, {
    left: percent((box.width - width * scale) / 2 + area.x * scale, box.width),
    top: percent((box.height - height * scale) / 2 + area.y * scale, box.height),
    width: percent(area.width * scale, box.width),
    height: percent(area.height * scale, box.height),
  });
  const pixels = heatPixels(evidence.evidence, heatScale([evidence.evidence]));
  canvas.getContext('2d')!.putImageData(new ImageData(pixels, EVIDENCE_SIDE, EVIDENCE_SIDE), 0, 0);
}
