import { studioDatasetsSchema } from '@swipenet/shared/contract/studio/datasets.ts';
import { useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { ask } from '../../live/ask.ts';
import { live } from '../../live/events.ts';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useAsked } from '../../parts/use-asked.ts';
import { DATA, idIn } from './dataset-address.ts';
import { DatasetTable } from './dataset-table.tsx';
import { DatasetView } from './dataset-view.tsx';
import { ImportFolders } from './import-folders.tsx';
import './data.css';

/** The datasets on the server: a list, and the photos of each. */
export function Data() {
  const { path } = useLocation();
  const id = idIn(path);
  const version = live.datasets.value?.version ?? '';
  const { answer, error, again } = useAsked(`datasets ${version} ${id}`, (signal) =>
    ask('studioDatasets', studioDatasetsSchema, { signal }),
  );
  const seen = useRef(new Map<string, string>()); // the names of datasets that were there
  for (const dataset of answer?.datasets ?? []) seen.current.set(dataset.id, dataset.name);
  if (error && !answer) return <Notice kind="error">{error.message}</Notice>;
  if (!answer) return <p>Asking the server …</p>;
  const { datasets } = answer;
  if (id === '') {
    return (
      <>
        <Panel title="On this server">
          <DatasetTable datasets={datasets} reviews={live.reviews.value?.reviews ?? []} />
        </Panel>
        <ImportFolders taken={datasets.map(({ name }) => name)} onDone={again} />
      </>
    );
  }
  const dataset = datasets.find((one) => one.id === id);
  if (dataset && !('error' in dataset.about)) {
    return <DatasetView key={id} dataset={dataset} taken={datasets.map(({ name }) => name)} />;
  }
  return (
    <>
      <Notice>{dataset && 'error' in dataset.about ? dataset.about.error : goneWords(seen.current.get(id))}</Notice>
      <p>
        <a href={DATA}>Show all datasets</a>
      </p>
    </>
  );
}

const goneWords = (name: string | undefined) =>
  name === undefined ? 'This dataset doesn’t exist (any more).' : `The dataset ${name} was deleted.`;
