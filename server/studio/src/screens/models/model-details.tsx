import { EXPORT_FORMATS, modelChangedSchema, type StudioModel } from '@swipenet/shared/contract/studio/models.ts';
import { useState } from 'preact/hooks';
import { ask, askBytes } from '../../live/ask.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { formatBytes } from '../../parts/format.ts';
import { Panel } from '../../parts/panel.tsx';
import { Said } from '../../parts/said.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { Scroll } from '../../parts/scroll.tsx';
import { useAction } from '../../parts/use-action.ts';
import { useRouteFromHere } from '../../parts/use-route-from-here.ts';
import { MODELS } from './model-address.ts';
import { precisionOf, statesOf } from './model-table.tsx';

/** Everything about a model, beside another one if the person chooses one, and what can be done with it. */
export function ModelDetails({ model, others }: { model: StudioModel; others: readonly StudioModel[] }) {
  const [otherId, setOtherId] = useState('');
  const other = others.find(({ id }) => id === otherId);
  return (
    <>
      <p>
        <a href={MODELS}>All models</a>
      </p>
      <Panel title={model.id}>
        <Actions {...model} />
        <label>
          Compare with
          <select value={otherId} onChange={({ currentTarget }) => setOtherId(currentTarget.value)}>
            <option value="">nothing</option>
            {others.map(({ id }) => (
              <option key={id} value={id}>
                {id}
              </option>
            ))}
          </select>
        </label>
        <Facts models={other ? [model, other] : [model]} />
      </Panel>
    </>
  );
}

function Actions({ id, isActive, isServed, isEmbedded, about }: StudioModel) {
  const { doing, said, act } = useAction();
  const [isAsking, setAsking] = useState(false);
  const route = useRouteFromHere();
  const path = { model: id };
  const isBusy = doing !== undefined;
  const canScore = 'canScore' in about && about.canScore;
  const remove = async () => {
    setAsking(false);
    const isGone = await act(`Deleting ${id} …`, async () => {
      await ask('studioModelDelete', modelChangedSchema, { path });
      return `Deleted ${id}.`;
    });
    if (isGone) route(MODELS);
  };
  return (
    <>
      <div class="row">
        <button
          type="button"
          class="first"
          disabled={isBusy || !canScore || (isActive && isServed)}
          onClick={() =>
            act('The server is loading the model …', async () => {
              await ask('studioModelActivate', modelChangedSchema, { path });
              return `The server uses ${id} now, and will after a restart.`;
            })
          }
        >
          Activate
        </button>
        {EXPORT_FORMATS.map((file) => (
          <button
            key={file}
            type="button"
            disabled={isBusy || 'error' in about}
            onClick={() =>
              act('Exporting …', async () => {
                saveFile(`${id}.${file}`, await askBytes('studioModelExport', { path, query: { file } }));
                return `Exported ${id}.${file}.`;
              })
            }
          >
            Export {file === 'onnx' ? 'ONNX' : file}
          </button>
        ))}
        <button type="button" class="danger" disabled={isBusy || isEmbedded} onClick={() => setAsking(true)}>
          Delete
        </button>
      </div>
      <Said doing={doing} said={said} />
      {isAsking && (
        <Confirm title={`Delete ${id}?`} action="Delete" onConfirm={remove} onCancel={() => setAsking(false)}>
          <p>Its file is deleted for good. The run and the dataset that it was trained from stay.</p>
        </Confirm>
      )}
    </>
  );
}

type Row = readonly [name: string, values: readonly string[]];

/** The facts of one or two models, one row per name. */
function Facts({ models }: { models: readonly StudioModel[] }) {
  const all = models.map(factsOf);
  const names = [...new Set(all.flatMap((facts) => [...facts.keys()]))];
  const rows: Row[] = names.map((name) => [name, all.map((facts) => facts.get(name) ?? '–')]);
  const differs = ([, [first, ...rest]]: Row) => rest.some((value) => value !== first);
  return (
    <Scroll label="Facts">
      <table class="facts">
        <thead>
          <tr>
            <th scope="col">Fact</th>
            {models.map(({ id }) => (
              <th key={id} scope="col">
                {id}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row[0]} class={differs(row) ? 'differs' : ''}>
              <th scope="row">
                {row[0]}
                {differs(row) && <span class="hint"> (differs)</span>}
              </th>
              {row[1].map((value, at) => (
                <td key={models[at]!.id}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function factsOf(model: StudioModel): Map<string, string> {
  const { about } = model;
  const state: [string, string] = ['state', statesOf(model).join(', ') || '–'];
  if ('error' in about) return new Map([state, ['problem', about.error]]);
  return new Map([
    state,
    ['precision', precisionOf(about)],
    ['size', formatBytes(about.bytes)],
    ...Object.entries(about.metrics).map(([name, value]): [string, string] => [name, formatFigure(value)]),
    ...about.facts,
  ]);
}

/** Formats a figure with four digits, and counts as they are. */
const formatFigure = (value: number) =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
