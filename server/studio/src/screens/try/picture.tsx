import { type Area, type EvidenceMap, heatPixels, seenArea } from '@swipenet/shared/heat-map.ts';
import { EVIDENCE_SIDE, type ResizeMode } from '@swipenet/shared/photo.ts';
import { useEffect, useRef } from 'preact/hooks';
import type { TriedPhoto } from './tried-photos.ts';

/** The width and height of the place that a photo gets, in the canvas’s own pixels. */
const PLACE = 512;

/** How much of the photo the heat map covers. */
const OPACITY = 0.6;

/** What is drawn over a photo. */
export interface Heat {
  /** How the model’s photos are made square. */
  readonly resize: ResizeMode;
  /** The evidence that gets the strongest color. */
  readonly scale: number;
}

/** A photo in a place of a fixed size, with its heat map over what the network sees of it. */
export function Picture({ photo, heat }: { photo: TriedPhoto; heat: Heat | undefined }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { picture, name, result } = photo;
  const evidence = result && 'evidence' in result ? result.evidence : undefined;
  useEffect(() => {
    const context = canvas.current!.getContext('2d')!;
    context.clearRect(0, 0, PLACE, PLACE);
    if (!picture) return;
    const scale = PLACE / Math.max(picture.width, picture.height);
    const [width, height] = [picture.width * scale, picture.height * scale];
    const [left, top] = [(PLACE - width) / 2, (PLACE - height) / 2];
    context.drawImage(picture, left, top, width, height);
    if (!heat || !evidence) return;
    const { x, y, ...size } = seenArea(width, height, heat.resize);
    drawHeat(context, evidence, heat.scale, { x: left + x, y: top + y, ...size });
  }, [picture, evidence, heat?.resize, heat?.scale]);
  const label = picture ? name : `${name} (the browser can’t show it)`;
  return <canvas ref={canvas} class="picture" width={PLACE} height={PLACE} role="img" aria-label={label} />;
}

/** Draws a heat map, smoothly enlarged, and the edge of what the network sees. */
function drawHeat(
  context: CanvasRenderingContext2D,
  evidence: EvidenceMap,
  scale: number,
  { x, y, width, height }: Area,
): void {
  const small = new OffscreenCanvas(EVIDENCE_SIDE, EVIDENCE_SIDE);
  small.getContext('2d')!.putImageData(new ImageData(heatPixels(evidence, scale), EVIDENCE_SIDE, EVIDENCE_SIDE), 0, 0);
  context.imageSmoothingQuality = 'high';
  context.globalAlpha = OPACITY;
  context.drawImage(small, x, y, width, height);
  context.globalAlpha = 1;
  context.strokeStyle = '#fffc';
  context.lineWidth = 2;
  context.strokeRect(x, y, width, height);
}
