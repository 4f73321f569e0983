import { type StudioDataset, studioDatasetsSchema } from '@swipenet/shared/contract/studio/datasets.ts';
import { studioJobsSchema } from '@swipenet/shared/contract/studio/jobs.ts';
import type { StudioRun } from '@swipenet/shared/contract/studio/runs.ts';
import { type StudioTraining, studioTrainingSchema } from '@swipenet/shared/contract/studio/training.ts';
import { useId, useState } from 'preact/hooks';
import { AskError, ask } from '../../live/ask.ts';
import { toRun } from '../../live/commands.ts';
import { live } from '../../live/events.ts';
import { formatCount } from '../../parts/format.ts';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useAsked } from '../../parts/use-asked.ts';
import { useRouteFromHere } from '../../parts/use-route-from-here.ts';
import { Advanced } from './advanced-fields.tsx';
import { changedValues, type Draft, freeName, suggestedPreset, trainingPhotosOf, whyUnfit } from './form-state.ts';

/** What the form is made of. */
interface Material {
  readonly form: StudioTraining;
  /** The datasets that can be trained on. */
  readonly datasets: readonly StudioDataset[];
  readonly runs: readonly StudioRun[];
}

/**
 * The form for a new run.
 *
 * @param clone a run whose settings it begins with.
 */
export function TrainingForm({ runs, clone }: { runs: readonly StudioRun[]; clone: StudioRun | undefined }) {
  const form = useAsked('form', (signal) => ask('studioTraining', studioTrainingSchema, { signal }));
  const datasets = useAsked(`datasets ${live.datasets.value?.version ?? ''}`, (signal) =>
    ask('studioDatasets', studioDatasetsSchema, { signal }),
  );
  const error = form.error ?? datasets.error;
  return (
    <Panel title={clone ? `New model, from ${clone.name}` : 'New model'}>
      {error && <Notice kind="error">{error.message}</Notice>}
      {form.answer && datasets.answer ? (
        <Filled
          form={form.answer}
          datasets={datasets.answer.datasets.filter(({ about }) => !('error' in about))}
          runs={runs}
          clone={clone}
        />
      ) : (
        !error && <p>Asking the server …</p>
      )}
    </Panel>
  );
}

function Filled({ clone, ...material }: Material & { clone: StudioRun | undefined }) {
  const { form, datasets, runs } = material;
  const route = useRouteFromHere();
  const [draft, setDraft] = useState<Draft>(() => firstDraft(material, clone));
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const ids = useId();
  if (datasets.length === 0) {
    return (
      <p>
        You need a dataset first. <a href="/studio/data">Import two folders of photos</a>, or run{' '}
        <code>{toRun('dataset build')}</code>.
      </p>
    );
  }
  const change = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }));
  const dataset = datasets.find(({ id }) => id === draft.dataset);
  const photos = dataset && trainingPhotosOf(dataset);
  const choosePreset = (id: string) => {
    const { mode, target, values } = form.presets.find((preset) => preset.id === id)!;
    change({ preset: id, mode, target, values });
  };
  const chooseDataset = (id: string) => {
    const chosen = datasets.find((one) => one.id === id)!;
    change({ dataset: id, name: freeName(chosen.name, runs) });
    if (draft.preset !== null) choosePreset(suggestedPreset(trainingPhotosOf(chosen)!));
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    const { preset: _, values, ...others } = draft;
    try {
      const body = { ...others, values: changedValues(values, form) };
      await ask('studioJobStart', studioJobsSchema, { body });
      route(`/studio/train/${draft.name}`);
    } catch (thrown) {
      if (!(thrown instanceof AskError)) throw thrown;
      setError(thrown.message);
      setBusy(false);
    }
  };
  const waits = (live.jobs.value?.jobs.length ?? 0) > 0;
  return (
    <form onSubmit={submit}>
      <div class="pair">
        <div class="field">
          <label for={`${ids}-dataset`}>Dataset</label>
          <select
            id={`${ids}-dataset`}
            required
            value={draft.dataset}
            onChange={({ currentTarget }) => chooseDataset(currentTarget.value)}
            aria-describedby={`${ids}-photos`}
          >
            {!dataset && <option value="">Choose one</option>}
            {datasets.map(({ id, name, folder }) => (
              <option key={folder} value={id}>
                {name}
              </option>
            ))}
          </select>
          <span class="hint" id={`${ids}-photos`}>
            {photos
              ? `${formatCount(photos.photos)} training photos of ${formatCount(photos.profiles)} profiles`
              : 'The dataset of this run is no longer there'}
          </span>
        </div>
        <div class="field">
          <label for={`${ids}-id`}>Name</label>
          <input
            id={`${ids}-id`}
            type="text"
            required
            maxLength={64}
            pattern="[a-z0-9][a-z0-9._\-]*"
            value={draft.name}
            onInput={({ currentTarget }) => change({ name: currentTarget.value })}
            aria-describedby={`${ids}-name`}
          />
          <span class="hint" id={`${ids}-name`}>
            The new model’s ID: a–z, 0–9, dots, dashes and underscores
          </span>
        </div>
      </div>
      <fieldset class="presets">
        <legend>Recipe</legend>
        {form.presets.map(({ id, title, help }) => (
          <div key={id} class="preset">
            <input
              id={`${ids}-${id}-radio`}
              type="radio"
              name={`${ids}-preset`}
              checked={draft.preset === id}
              disabled={photos && whyUnfit(id, photos) !== undefined}
              onChange={() => choosePreset(id)}
              aria-describedby={`${ids}-${id}`}
            />
            <div>
              <label for={`${ids}-${id}-radio`}>
                <strong>{title}</strong>
              </label>
              {photos && suggestedPreset(photos) === id && <span class="suggested">Suggested</span>}
              <span class="hint" id={`${ids}-${id}`}>
                {help}
                {photos && ` ${whyUnfit(id, photos) ?? ''}`}
              </span>
            </div>
          </div>
        ))}
      </fieldset>
      <Advanced form={form} draft={draft} change={change} isOpen={clone !== undefined} />
      {error !== undefined && <Notice kind="error">{error}</Notice>}
      <button type="submit" class="first" disabled={isBusy}>
        {waits ? 'Add to the queue' : 'Start training'}
      </button>
    </form>
  );
}

/** Returns what the form begins with: a run's settings, or what suits the first dataset. */
function firstDraft({ form, datasets, runs }: Material, clone: StudioRun | undefined): Draft {
  const request = clone?.request;
  if (clone && request) {
    const isThere = datasets.some(({ id }) => id === request.dataset);
    const dataset = isThere ? request.dataset : '';
    return { ...request, dataset, name: freeName(clone.name, runs), preset: null };
  }
  const [first] = datasets;
  const photos = first && trainingPhotosOf(first);
  const preset = form.presets.find(({ id }) => photos && id === suggestedPreset(photos)) ?? form.presets[0]!;
  const { id, mode, target, values } = preset;
  return { dataset: first?.id ?? '', name: freeName(first?.name ?? 'model', runs), preset: id, mode, target, values };
}
