import { type StudioModel, studioModelsSchema } from '@swipenet/shared/contract/studio/models.ts';
import { ask } from '../../live/ask.ts';
import { formatBytes } from '../../parts/format.ts';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useAsked } from '../../parts/use-asked.ts';

/** The models on the server, with their figures. */
export function Models() {
  const { answer, error } = useAsked('models', (signal) => ask('studioModels', studioModelsSchema, { signal }));
  return (
    <Panel title="On this server">
      {error && <Notice kind="error">{error.message}</Notice>}
      {answer && <ModelTable models={answer.models} />}
    </Panel>
  );
}

function ModelTable({ models }: { models: readonly StudioModel[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard has to reach what scrolls
    <section class="scroll" tabIndex={0} aria-label="Models">
      <table>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Precision</th>
            <th scope="col">Size</th>
            <th scope="col">Figures</th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <ModelRow key={model.id} {...model} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ModelRow({ id, isActive, about }: StudioModel) {
  return (
    <tr>
      <th scope="row">
        {id}
        {isActive && ' (active)'}
      </th>
      {'error' in about ? (
        <td colSpan={3}>{about.error}</td>
      ) : (
        <>
          <td>{about.precision}</td>
          <td>{formatBytes(about.bytes)}</td>
          <td>{headline(about.metrics)}</td>
        </>
      )}
    </tr>
  );
}

/** Formats the figures that show at a glance how good a model is. */
const headline = (metrics: Readonly<Record<string, number>>) =>
  Object.entries(metrics)
    .filter(([name]) => /auc|accuracy/i.test(name))
    .slice(0, 3)
    .map(([name, value]) => `${name} ${value.toFixed(3)}`)
    .join(', ') || '–';
