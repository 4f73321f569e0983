import type { Label } from '@swipenet/shared/confidence.ts';
import {
  type ImportBuilt,
  importBegunSchema,
  importBuiltSchema,
  importProgressSchema,
} from '@swipenet/shared/contract/studio/imports.ts';
import { DATASET_NAME } from '@swipenet/shared/contract/studio/photos.ts';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ask } from '../../live/ask.ts';
import { formatCount } from '../../parts/format.ts';
import { Panel } from '../../parts/panel.tsx';
import { Said } from '../../parts/said.tsx';
import { useAction } from '../../parts/use-action.ts';
import { addressOf } from './dataset-address.ts';
import { batchesOf, bodyOf, type ChosenFile, filesOfDrop, filesOfInput } from './folder-files.ts';

const NONE: Readonly<Record<Label, readonly ChosenFile[]>> = { LIKE: [], NOPE: [] };

/** The result of an import. */
interface Imported extends ImportBuilt {
  readonly name: string;
}

/** Makes a dataset from two folders of photos that the person drops or chooses. */
export function ImportFolders({ taken, onDone }: { taken: readonly string[]; onDone: () => void }) {
  const { doing, said, act } = useAction();
  const [files, setFiles] = useState(NONE);
  const [name, setName] = useState('');
  const [sent, setSent] = useState<number>();
  const [imported, setImported] = useState<Imported>();
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []); // the person left the screen
  const isTaken = taken.includes(name);
  const isReady = files.LIKE.length > 0 && files.NOPE.length > 0;

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setImported(undefined);
    const stopping = new AbortController();
    stop.current = stopping;
    const isDone = await act('Importing …', () => importAll(stopping.signal));
    setSent(undefined);
    if (!isDone) return;
    setFiles(NONE);
    setName('');
    onDone();
  };

  /** Sends all files, and has the server build the dataset. Returns what to say. */
  const importAll = async (signal: AbortSignal): Promise<string> => {
    const { batches, leftOut } = batchesOf(files);
    const { id } = await ask('studioImportBegin', importBegunSchema);
    const path = { import: id };
    try {
      let count = 0;
      for (const batch of batches) {
        setSent(count);
        await ask('studioImportFiles', importProgressSchema, { path, body: bodyOf(batch), signal });
        count += batch.length;
      }
      setSent(count);
      const built = await ask('studioImportBuild', importBuiltSchema, { path, body: { name }, signal });
      const notSent = leftOut.map((one) => ({ path: one, message: 'it is empty, hidden or too large' }));
      setImported({ ...built, name, leftOut: [...notSent, ...built.leftOut] });
      return `${name} has ${formatCount(built.photos)} photos.`;
    } catch (error) {
      await ask('studioImportCancel', importBegunSchema, { path }).catch(() => {}); // it is deleted after a day
      if (signal.aborted) return 'The import was stopped. Nothing of it is left.';
      throw error;
    }
  };

  const total = files.LIKE.length + files.NOPE.length;
  return (
    <Panel title="Import two folders">
      <p class="hint">
        Put the photos of one person into one subfolder: it is a profile, and has one label. A photo directly in the
        folder is a profile by itself. The photos stay on the server’s computer.
      </p>
      <form onSubmit={submit}>
        <div class="row zones">
          {(['LIKE', 'NOPE'] as const).map((label) => (
            <Zone
              key={label}
              label={label}
              count={files[label].length}
              isDisabled={doing !== undefined}
              onChoose={(chosen) => setFiles((before) => ({ ...before, [label]: chosen }))}
            />
          ))}
        </div>
        <label class="field">
          Name of the new dataset
          <input
            type="text"
            required
            pattern={DATASET_NAME.source.slice(1, -1)}
            value={name}
            aria-invalid={isTaken}
            aria-describedby="import-name-hint"
            onInput={({ currentTarget }) => setName(currentTarget.value)}
          />
        </label>
        <p id="import-name-hint" class="hint">
          {isTaken ? `A dataset has the name ${name} already.` : 'a–z, 0–9, dots, dashes and underscores'}
        </p>
        <div class="row">
          <button type="submit" class="first" disabled={!isReady || isTaken || doing !== undefined}>
            Import
          </button>
          <button type="button" disabled={doing === undefined} onClick={() => stop.current?.abort()}>
            Stop
          </button>
        </div>
      </form>
      {sent !== undefined && (
        <p>
          <progress value={sent} max={total} aria-label="Files sent" />{' '}
          {sent < total
            ? `${formatCount(sent)} of ${formatCount(total)} files sent`
            : 'All files sent. The server is building the dataset …'}
        </p>
      )}
      <Said doing={doing} said={said} />
      {imported && <Outcome {...imported} />}
    </Panel>
  );
}

/** Where the person drops the folder of a label, or chooses it. */
function Zone(props: {
  label: Label;
  count: number;
  isDisabled: boolean;
  onChoose: (files: readonly ChosenFile[]) => void;
}) {
  const { label, count, isDisabled, onChoose } = props;
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current) input.current.webkitdirectory = true;
  }, []);
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (event.dataTransfer && !isDisabled) onChoose(await filesOfDrop(event.dataTransfer));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the field in it does the same by keyboard
    <div
      class={`zone${isOver ? ' over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <label class="field">
        Folder of photos you {label === 'LIKE' ? 'like' : 'don’t like'}: drop it here, or choose it
        <input
          ref={input}
          type="file"
          disabled={isDisabled}
          onChange={({ currentTarget }) => onChoose(filesOfInput(currentTarget.files))}
        />
      </label>
      <p class="hint">{count === 0 ? 'No files yet' : `${formatCount(count)} ${count === 1 ? 'file' : 'files'}`}</p>
    </div>
  );
}

function Outcome({ id, name, leftOut }: Imported) {
  return (
    <>
      <p>
        <a href={addressOf(id)}>Look at {name}</a>
      </p>
      {leftOut.length > 0 && (
        <details>
          <summary>
            {formatCount(leftOut.length)} {leftOut.length === 1 ? 'file was' : 'files were'} left out
          </summary>
          <ul>
            {leftOut.map(({ path, message }) => (
              <li key={path}>
                {path}: {message}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
