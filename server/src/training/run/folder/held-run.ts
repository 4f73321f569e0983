import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import * as z from 'zod';
import { CommandError } from '../../../command-error.ts';
import { ProcessLock } from '../../../files/process-lock.ts';
import { removeFolderWhole, writeWhole } from '../../../files/write-whole.ts';
import { RUN_FILES } from './run-files.ts';

/** What the process that trains a run writes about it. A process that was killed leaves `running` behind. */
const runStateSchema = z.strictObject({
  format: z.literal(1),
  state: z.enum(['running', 'stopped', 'finished', 'failed']),
  /** When this state began. */
  since: z.iso.datetime(),
  /** Why it failed. */
  error: z.string().optional(),
});

type WrittenState = z.infer<typeof runStateSchema>['state'];

/** How a run is doing, as its folder shows. */
export interface RunState {
  readonly state: WrittenState | 'killed';
  readonly since: string;
  readonly error?: string | undefined;
}

/**
 * Does work on a run while no other process may, and records how it ended: `stopped` if it made no model.
 *
 * @param folder must exist.
 * @param date returns the current date and time.
 * @throws CommandError `run_busy` if another process trains the run, `run_unwritable`; and what `work` throws.
 */
export async function holdRun<Result extends { readonly model: string | null }>(
  folder: string,
  date: () => Date,
  work: () => Promise<Result>,
): Promise<Result> {
  using _lock = takeLock(folder);
  const write = (state: WrittenState, error?: string) =>
    writeState(folder, { state, since: date().toISOString(), error });
  await write('running').catch((cause: unknown) => {
    throw new CommandError('run_unwritable', `can’t write to ${folder} (${systemCodeOf(cause)})`, { cause });
  });
  try {
    const result = await work();
    await write(result.model === null ? 'stopped' : 'finished').catch(() => {}); // the result is there all the same
    return result;
  } catch (error) {
    await write('failed', error instanceof Error ? error.message : String(error)).catch(() => {});
    throw error;
  }
}

/** Returns true if a process trains the run in a folder. */
export const isHeld = (folder: string): boolean => ProcessLock.isHeld(join(folder, RUN_FILES.lock));

/**
 * Removes the folder of a run that no process trains, or the link to it. Throws CommandError `run_busy`, `run_unwritable`.
 */
export async function removeRun(folder: string): Promise<void> {
  if (isHeld(folder)) throw busy(folder);
  await removeFolderWhole(folder).catch((cause: unknown) => {
    throw new CommandError('run_unwritable', `can’t delete ${folder} (${systemCodeOf(cause)})`, { cause });
  });
}

/** Returns how the run in a folder is doing, or undefined if an earlier version trained it. */
export async function readRunState(folder: string): Promise<RunState | undefined> {
  // In this order: a process that ends meanwhile has written how before it frees the lock.
  const held = isHeld(folder);
  const text = await readFile(join(folder, RUN_FILES.state), 'utf8').catch(() => 'null');
  const parsed = runStateSchema.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const { state, since, error } = parsed.data;
  if (held) return { state: 'running', since };
  return { state: state === 'running' ? 'killed' : state, since, error };
}

function takeLock(folder: string): ProcessLock {
  const lock = takeOrThrow(folder);
  if (lock) return lock;
  throw busy(folder);
}

const busy = (folder: string) =>
  new CommandError('run_busy', `another process is training the run in ${folder}. Wait for it, or stop it`);

function takeOrThrow(folder: string): ProcessLock | undefined {
  try {
    return ProcessLock.take(join(folder, RUN_FILES.lock));
  } catch (cause) {
    throw new CommandError('run_unwritable', `can’t write to ${folder} (${(cause as Error).message})`, { cause });
  }
}

const writeState = (folder: string, { state, since, error }: RunState & { state: WrittenState }) =>
  writeWhole(
    join(folder, RUN_FILES.state),
    `${JSON.stringify({ format: 1, state, since, ...(error !== undefined && { error }) } satisfies z.infer<typeof runStateSchema>)}\n`,
  );

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
