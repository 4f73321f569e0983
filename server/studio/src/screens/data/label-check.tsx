import { datasetReviewsSchema, type LabelCheck as State } from '@swipenet/shared/contract/studio/photos.ts';
import { ask as askServer } from '../../live/ask.ts';
import { formatCount } from '../../parts/format.ts';
import { Notice } from '../../parts/notice.tsx';
import { Meter, Panel } from '../../parts/panel.tsx';
import { Said } from '../../parts/said.tsx';
import { useAction } from '../../parts/use-action.ts';

/** Looks for labels that are probably wrong, and shows how far that is. */
export function LabelCheck({ dataset, check, onShow }: { dataset: string; check: State; onShow: () => void }) {
  const { said, act } = useAction();
  const ask = (route: 'studioLabelCheck' | 'studioLabelCheckStop') =>
    act('Asking the server …', async () => {
      await askServer(route, datasetReviewsSchema, { path: { dataset } });
      return '';
    });
  return (
    <Panel title="Suspected label errors">
      <p class="hint">
        Rates each photo with a model that learned from other profiles only. Labels that such a model finds improbable
        may be wrong.
      </p>
      {check.state === 'running' && (
        <Meter
          name={check.words}
          share={check.total === 0 ? 0 : check.done / check.total}
          words={`${formatCount(check.done)} of ${formatCount(check.total)}`}
        />
      )}
      {check.state === 'failed' && <Notice kind="error">The check failed: {check.words}</Notice>}
      <div class="row">
        {check.state === 'running' ? (
          <button type="button" onClick={() => ask('studioLabelCheckStop')}>
            Stop
          </button>
        ) : (
          <button type="button" onClick={() => ask('studioLabelCheck')}>
            {check.state === 'done' ? 'Check again' : 'Check labels'}
          </button>
        )}
        {check.state === 'done' && (
          <button type="button" class="first" onClick={onShow}>
            Show them
          </button>
        )}
      </div>
      {said?.isError && <Said doing={undefined} said={said} />}
    </Panel>
  );
}
