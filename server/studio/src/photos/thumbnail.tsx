import { THUMBNAIL_SIZE } from '@swipenet/shared/contract/studio/datasets.ts';
import { useEffect, useRef, useState } from 'preact/hooks';
import { thumbnailOf } from './thumbnails.ts';

/** A photo of a dataset. Its place is there before its pixels are, so that nothing moves. */
export function Thumbnail({ dataset, number, name }: { dataset: string; number: number; name: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    let isGone = false;
    setBroken(false);
    thumbnailOf(dataset, number).then(
      (gray) => isGone || !canvas.current || drawGray(canvas.current, gray, THUMBNAIL_SIZE),
      () => isGone || setBroken(true),
    );
    return () => {
      isGone = true;
    };
  }, [dataset, number]);
  return (
    <canvas
      ref={canvas}
      class={`thumbnail${isBroken ? ' broken' : ''}`}
      width={THUMBNAIL_SIZE}
      height={THUMBNAIL_SIZE}
      role="img"
      aria-label={isBroken ? `${name} (can’t be loaded)` : name}
    />
  );
}

/** Draws gray levels `[size, size]` on a canvas of that size. */
export function drawGray(canvas: HTMLCanvasElement, gray: Uint8Array, size: number): void {
  const pixels = new Uint8ClampedArray(4 * size * size);
  for (const [at, level] of gray.entries()) pixels.set([level, level, level, 255], 4 * at);
  canvas.getContext('2d')!.putImageData(new ImageData(pixels, size, size), 0, 0);
}
