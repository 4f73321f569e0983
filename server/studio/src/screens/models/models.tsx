import { useLocation } from 'preact-iso';
import { live } from '../../live/events.ts';
import { Panel } from '../../parts/panel.tsx';
import { ImportModel } from './import-model.tsx';
import { idIn, MODELS } from './model-address.ts';
import { ModelDetails } from './model-details.tsx';
import { ModelTable } from './model-table.tsx';
import './models.css';

/** The models on the server: a list, and each one's details. */
export function Models() {
  const { path } = useLocation();
  const models = live.models.value?.models;
  if (!models) return <p>Asking the server …</p>;
  const id = idIn(path);
  if (id === '') {
    return (
      <>
        <Panel title="On this server">
          <ModelTable models={models} />
        </Panel>
        <ImportModel taken={models.map((model) => model.id)} />
      </>
    );
  }
  const model = models.find((one) => one.id === id);
  if (model) return <ModelDetails key={id} model={model} others={models.filter((one) => one !== model)} />;
  return (
    <p>
      The model {id} doesn’t exist (any more). <a href={MODELS}>Show all models</a>.
    </p>
  );
}
