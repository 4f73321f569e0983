import type { Label } from '@swipenet/shared/confidence.ts';
import { DECODED_SIZE } from '@swipenet/shared/photo.ts';
import { useEffect, useRef } from 'preact/hooks';
import { askBytes } from '../../live/ask.ts';
import { formatCount, formatPercent } from '../../parts/format.ts';
import { Notice } from '../../parts/notice.tsx';
import { Figures, Panel } from '../../parts/panel.tsx';
import { useAsked } from '../../parts/use-asked.ts';
import { drawGray } from '../../photos/thumbnail.tsx';
import { useFacts } from './known-facts.ts';

/** The active photo as the network sees it, 256 × 256, with what the dataset says about it. */
export function PhotoDetails({
  dataset,
  version,
  number,
  changes,
  like,
  onProfile,
}: {
  dataset: string;
  version: string;
  number: number;
  changes: ReadonlyMap<number, Label>;
  /** The LIKE confidence of the chosen model, if there is one. */
  like: number | undefined;
  /** Shows only the photos of a profile. */
  onProfile: (profile: number) => void;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const facts = useFacts(dataset, version, number);
  const { answer, error } = useAsked(`${dataset} ${number}`, async (signal) => {
    const gray = await askBytes('studioPhoto', { path: { dataset, photo: number }, signal });
    return { gray, number };
  });
  useEffect(() => {
    if (answer?.number === number) drawGray(canvas.current!, answer.gray, DECODED_SIZE);
  }, [answer, number]);
  const changed = facts && changes.get(facts.profile);
  return (
    <Panel title={`Photo ${formatCount(number)}`}>
      <canvas
        ref={canvas}
        class="photo"
        width={DECODED_SIZE}
        height={DECODED_SIZE}
        role="img"
        aria-label={`Photo ${formatCount(number)}, full size`}
      />
      {error && <Notice kind="error">{error.message}</Notice>}
      <Figures
        of={[
          ['Label', facts ? (changed ? `${changed} (was ${facts.label})` : facts.label) : '…'],
          ...(like === undefined ? [] : [['LIKE, by the model', formatPercent(like)] as const]),
          ['Fits its label', facts ? fitOf(facts) : '…'],
          ['Split', facts?.part ?? '…'],
          [
            'Profile',
            facts ? `${facts.profile}, ${facts.inProfile === 1 ? '1 photo' : `${facts.inProfile} photos`}` : '…',
          ],
          ['File', <code key="path">{facts?.path ?? '…'}</code>],
          ['ID', <code key="id">{facts?.id ?? '…'}</code>],
        ]}
      />
      <button type="button" disabled={!facts} onClick={() => facts && onProfile(facts.profile)}>
        Show its profile only
      </button>
    </Panel>
  );
}

const fitOf = ({ like, label }: { like: number | null; label: Label }) =>
  like === null ? 'not checked yet' : formatPercent(label === 'LIKE' ? like : 1 - like);
