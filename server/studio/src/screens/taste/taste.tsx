import { tasteAnswerSchema, tasteDeletedSchema } from '@swipenet/shared/contract/taste.ts';
import { useState } from 'preact/hooks';
import { ask } from '../../live/ask.ts';
import { live } from '../../live/events.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { formatCount } from '../../parts/format.ts';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Said } from '../../parts/said.tsx';
import { useAction } from '../../parts/use-action.ts';
import { useAsked } from '../../parts/use-asked.ts';
import { AgreementPanel } from './agreement-panel.tsx';
import { LabelsPanel } from './labels-panel.tsx';
import { LearningCurve } from './learning-curve.tsx';
import { VersionsPanel } from './versions-panel.tsx';
import './taste.css';

/** What was learned from the owner's swipes: labels, agreement and versions, and how to delete it all. */
export function Taste() {
  const [wasLearning, setLearning] = useState(false);
  // Asked again while a version is learned, with each new status of the server, and when models come or go.
  const moment = wasLearning ? live.status.value?.uptimeMs : undefined;
  const models = live.models.value?.models.map(({ id, isActive }) => (isActive ? `*${id}` : id)).join();
  const { answer, error, again } = useAsked(`${moment} ${models}`, async (signal) => {
    const taste = await ask('taste', tasteAnswerSchema, { signal });
    setLearning(taste.learning.isRunning);
    return taste;
  });
  if (!answer) return error ? <Notice kind="error">{error.message}</Notice> : <p>Asking the server …</p>;
  const { likes, passes, versions } = answer;
  return (
    <>
      {error && <Notice kind="error">{error.message}</Notice>}
      <div class="grid">
        <AgreementPanel taste={answer} />
        <LearningCurve versions={versions} />
      </div>
      <VersionsPanel taste={answer} onChange={again} />
      <LabelsPanel about={`${likes} ${passes}`} keepsPhotos={answer.keepsPhotos} onChange={again} />
      <DeleteEverything labels={likes + passes} versions={versions.length} onDeleted={again} />
    </>
  );
}

function DeleteEverything(props: { labels: number; versions: number; onDeleted: () => void }) {
  const { labels, versions, onDeleted } = props;
  const { doing, said, act } = useAction();
  const [isAsking, setAsking] = useState(false);
  const remove = async () => {
    setAsking(false);
    await act('Deleting everything …', async () => {
      const deleted = await ask('tasteDelete', tasteDeletedSchema);
      return `Deleted ${formatCount(deleted.swipes)} labels and ${formatCount(deleted.versions)} versions.`;
    });
    onDeleted();
  };
  return (
    <Panel title="Delete everything">
      <p>
        Deletes all labels, what was kept of their photos, and all versions. Nothing of them stays on the disk. The
        server then uses the model that it would start with.
      </p>
      <div class="row">
        <button type="button" class="danger" disabled={doing !== undefined} onClick={() => setAsking(true)}>
          Delete everything …
        </button>
      </div>
      <Said doing={doing} said={said} />
      {isAsking && (
        <Confirm
          title="Delete your whole taste?"
          action="Delete everything"
          onConfirm={remove}
          onCancel={() => setAsking(false)}
        >
          <p>
            {formatCount(labels)} labels and {formatCount(versions)} versions are deleted for good. This can’t be
            undone, and there is no backup.
          </p>
        </Confirm>
      )}
    </Panel>
  );
}
