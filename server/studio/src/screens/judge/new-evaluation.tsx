import {
  PARTS,
  type Part,
  type StudioDataset,
  studioDatasetsSchema,
} from '@swipenet/shared/contract/studio/datasets.ts';
import { evaluationChangedSchema } from '@swipenet/shared/contract/studio/evaluations.ts';
import type { StudioModel } from '@swipenet/shared/contract/studio/models.ts';
import { useState } from 'preact/hooks';
import { ask } from '../../live/ask.ts';
import { live } from '../../live/events.ts';
import { formatCount } from '../../parts/format.ts';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Said } from '../../parts/said.tsx';
import { useAction } from '../../parts/use-action.ts';
import { useAsked } from '../../parts/use-asked.ts';
import { useRouteFromHere } from '../../parts/use-route-from-here.ts';
import { addressOf } from './judge-address.ts';

/** The form that chooses a model and the photos to judge it on. */
export function NewEvaluation({ models }: { models: readonly StudioModel[] }) {
  const { answer, error } = useAsked(`datasets ${live.datasets.value?.version ?? ''}`, (signal) =>
    ask('studioDatasets', studioDatasetsSchema, { signal }),
  );
  return (
    <Panel title="Judge a model">
      <p class="hint">
        The model scores every photo of a part of a dataset, at a low priority. Each model scores the same photos only
        once.
      </p>
      {error && <Notice kind="error">{error.message}</Notice>}
      {!answer && !error && <p>Looking for datasets …</p>}
      {answer && <Form models={models} datasets={answer.datasets} />}
    </Panel>
  );
}

function Form({ models, datasets }: { models: readonly StudioModel[]; datasets: readonly StudioDataset[] }) {
  const { doing, said, act } = useAction();
  const route = useRouteFromHere();
  const able = models.filter(({ about }) => 'canScore' in about && about.canScore);
  const usable = datasets.filter((dataset) => partsOf(dataset).length > 0);
  const [model, setModel] = useState(able.find(({ isActive }) => isActive)?.id ?? able[0]?.id ?? '');
  const [chosen, setDataset] = useState('');
  const dataset = usable.find(({ id }) => id === chosen) ?? usable[0];
  const [wanted, setPart] = useState<Part>('validation');
  if (!dataset) {
    return <p>The server’s home folder doesn’t have a dataset yet, and no run there uses one.</p>;
  }
  const parts = partsOf(dataset);
  const [part = wanted] = [...parts.filter((one) => one === wanted), ...parts.toReversed()];
  const start = async () => {
    await act('Asking the server …', async () => {
      const body = { model, dataset: dataset.id, part };
      const { id } = await ask('studioEvaluationStart', evaluationChangedSchema, { body });
      route(addressOf(id));
      return '';
    });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <div class="row fields">
        <label class="field">
          Model
          <select value={model} onChange={({ currentTarget }) => setModel(currentTarget.value)}>
            {able.map(({ id, isActive }) => (
              <option key={id} value={id}>
                {isActive ? `${id} (active)` : id}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          Dataset
          <select value={dataset.id} onChange={({ currentTarget }) => setDataset(currentTarget.value)}>
            {usable.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          Part
          <select value={part} onChange={({ currentTarget }) => setPart(currentTarget.value as Part)}>
            {parts.map((one) => (
              <option key={one} value={one}>
                {one} ({formatCount(photosIn(dataset, one))})
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="first" disabled={doing !== undefined || model === ''}>
          Judge
        </button>
      </div>
      {part === 'training' && (
        <p class="hint">A model that was trained on these photos looks better on them than it is.</p>
      )}
      <Said doing={doing} said={said?.text ? said : undefined} />
    </form>
  );
}

/** Returns how many photos a part has. */
function photosIn({ about }: StudioDataset, part: Part): number {
  if (!('parts' in about)) return 0;
  const { LIKE, NOPE } = about.parts[part];
  return LIKE.photos + NOPE.photos;
}

/** Returns the parts that have photos. */
const partsOf = (dataset: StudioDataset): Part[] => PARTS.filter((part) => photosIn(dataset, part) > 0);
