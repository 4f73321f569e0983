import type { Label } from '@swipenet/shared/confidence.ts';
import { formatCount, formatPercent } from '../../parts/format.ts';
import { Figures, Panel } from '../../parts/panel.tsx';
import { FullPhoto } from '../../photos/full-photo.tsx';
import { useFacts } from '../../photos/known-facts.ts';

/** The active photo as the network sees it, 256 × 256, with what the dataset says about it. */
export function PhotoDetails({
  dataset,
  version,
  number,
  changes,
  dropped,
  like,
  onProfile,
}: {
  dataset: string;
  version: string;
  number: number;
  changes: ReadonlyMap<number, Label>;
  dropped: ReadonlySet<number>;
  /** The LIKE confidence of the chosen model, if there is one. */
  like: number | undefined;
  /** Shows only the photos of a profile. */
  onProfile: (profile: number) => void;
}) {
  const facts = useFacts(dataset, version, number);
  const changed = facts && changes.get(facts.profile);
  return (
    <Panel title={`Photo ${formatCount(number)}`}>
      <FullPhoto dataset={dataset} number={number} name={`Photo ${formatCount(number)}, full size`} />
      <Figures
        of={[
          ['Label', facts ? (changed ? `${changed} (was ${facts.label})` : facts.label) : '…'],
          ...(dropped.has(number) ? [['Next version', 'dropped'] as const] : []),
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
