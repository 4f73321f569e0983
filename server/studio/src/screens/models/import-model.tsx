import { EXPORT_FORMATS, type ModelImport, modelChangedSchema } from '@swipenet/shared/contract/studio/models.ts';
import { useState } from 'preact/hooks';
import { ask } from '../../live/ask.ts';
import { toRun } from '../../live/commands.ts';
import { Panel } from '../../parts/panel.tsx';
import { Said } from '../../parts/said.tsx';
import { useAction } from '../../parts/use-action.ts';

/** What a file from another program may not say itself: the flags of `models import`. */
const FLAGS = [
  ['classes', 'Order of its two classes', ['', 'NOPE,LIKE', 'LIKE,NOPE']],
  ['resize', 'How its photos were made square', ['', 'squash', 'cover']],
  ['range', 'Levels it takes', ['', '0-255', '0-1']],
  ['mean', 'Mean: one level, or one per channel (104,117,123)', undefined],
  ['std', 'Divisor: one number, or one per channel', undefined],
] as const satisfies readonly (readonly [keyof ModelImport, string, readonly string[] | undefined])[];

/** Imports a model from a file that the person chooses. */
export function ImportModel({ taken }: { taken: readonly string[] }) {
  const { doing, said, act } = useAction();
  const [file, setFile] = useState<File>();
  const [id, setId] = useState('');
  const format = EXPORT_FORMATS.find((known) => file?.name.endsWith(`.${known}`));
  const isTaken = taken.includes(id);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const flags = FLAGS.map(([name]) => [name, new FormData(form).get(name) || undefined] as const);
    const query = { id, file: format, ...(Object.fromEntries(flags) as Record<string, string | undefined>) };
    await act('Importing …', async () => {
      await ask('studioModelImport', modelChangedSchema, { query, body: file });
      return `Imported ${id}.`;
    });
  };
  const choose = (chosen: File | undefined) => {
    setFile(chosen);
    if (chosen)
      setId(
        chosen.name
          .replace(/\.\w+$/, '')
          .toLowerCase()
          .replaceAll(/[^a-z0-9.-]+/g, '-'),
      );
  };
  return (
    <Panel title="Import a model">
      <p class="hint">
        An ONNX or safetensors file of a GoogLeNet. For a DIGITS snapshot, use <code>{toRun('models import')}</code>.
      </p>
      <form onSubmit={submit}>
        <label class="field">
          File
          <input
            type="file"
            required
            accept={EXPORT_FORMATS.map((known) => `.${known}`).join()}
            onChange={({ currentTarget }) => choose(currentTarget.files?.[0])}
          />
        </label>
        <label class="field">
          ID of the new model
          <input
            type="text"
            required
            value={id}
            aria-invalid={isTaken}
            aria-describedby="import-id-hint"
            onInput={({ currentTarget }) => setId(currentTarget.value)}
          />
        </label>
        <p id="import-id-hint" class="hint">
          {isTaken ? `A model has the ID ${id} already.` : 'Letters, digits, dots and hyphens.'}
        </p>
        <details>
          <summary>For files from other programs</summary>
          {FLAGS.map(([name, label, choices]) => (
            <div key={name} class="field">
              <label for={`import-${name}`}>{label}</label>
              {choices ? (
                <select id={`import-${name}`} name={name}>
                  {choices.map((choice) => (
                    <option key={choice} value={choice}>
                      {choice || 'as the file says'}
                    </option>
                  ))}
                </select>
              ) : (
                <input id={`import-${name}`} type="text" name={name} />
              )}
            </div>
          ))}
        </details>
        <button type="submit" class="first" disabled={doing !== undefined || !format || isTaken}>
          Import
        </button>
      </form>
      <Said doing={doing} said={said} />
    </Panel>
  );
}
