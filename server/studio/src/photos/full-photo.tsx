import { DECODED_SIZE } from '@swipenet/shared/photo.ts';
import { useEffect, useRef } from 'preact/hooks';
import { askBytes } from '../live/ask.ts';
import { Notice } from '../parts/notice.tsx';
import { useAsked } from '../parts/use-asked.ts';
import { drawGray } from './thumbnail.tsx';

/** A photo of a dataset as the network gets it, 256 × 256. Its place is empty until its pixels are there. */
export function FullPhoto({ dataset, number, name }: { dataset: string; number: number; name: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { answer, error } = useAsked(`${dataset} ${number}`, async (signal) => {
    const gray = await askBytes('studioPhoto', { path: { dataset, photo: number }, signal });
    return { gray, number };
  });
  const gray = answer?.number === number ? answer.gray : undefined;
  useEffect(() => {
    if (gray) drawGray(canvas.current!, gray, DECODED_SIZE);
    else canvas.current!.getContext('2d')!.clearRect(0, 0, DECODED_SIZE, DECODED_SIZE);
  }, [gray]);
  return (
    <>
      <canvas ref={canvas} class="full-photo" width={DECODED_SIZE} height={DECODED_SIZE} role="img" aria-label={name} />
      {error && <Notice kind="error">{error.message}</Notice>}
    </>
  );
}
