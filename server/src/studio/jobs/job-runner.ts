// Runs a job: `node job-runner.ts JOB-FOLDER TURN-LOCK PROGRAM`. It outlives the server, and records how the program is
// doing and how it ends. Its locks prove that it lives, so the next server needn't trust a process ID.

import { openSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { startAttached } from '../../child/detached.ts';
import { systemClock, systemDate } from '../../clock.ts';
import { diskReason } from '../../files/disk-reason.ts';
import { ProcessLock } from '../../files/process-lock.ts';
import { ReservedFile } from '../../files/reserved-file.ts';
import { removeFile, writeWhole } from '../../files/write-whole.ts';
import {
  type Asked,
  askedSchema,
  JOB_FILES,
  type JobProgress,
  jobProgressSchema,
  jobSchema,
  type Outcome,
  type Started,
} from './job-files.ts';

/** The lowest priority there is, so that photos are scored as if nothing else ran. */
const NICENESS = 19;

/** How often to write down the progress, in milliseconds. */
const PROGRESS_EVERY_MS = 500;

async function run(folder: string, turnLock: string, program: string): Promise<void> {
  setPriority(NICENESS);
  using turn = ProcessLock.take(turnLock);
  if (!turn) return; // another job runs
  if ((await runInTurn(folder, program)) !== 'discard') return;
  await removeFile(join(folder, JOB_FILES.job)); // after its lock is free, which Windows needs
  await rm(folder, { recursive: true, force: true });
}

/** Runs the job unless it was started before. Returns what was asked meanwhile. */
async function runInTurn(folder: string, programFile: string): Promise<Asked['how'] | undefined> {
  using own = ProcessLock.take(join(folder, JOB_FILES.lock));
  if (!own) return undefined;
  const { command } = jobSchema.parse(JSON.parse(await readFile(join(folder, JOB_FILES.job), 'utf8')));
  const reserve = await ReservedFile.create(join(folder, JOB_FILES.reserve));
  if (!(await isFirst(folder))) return undefined;
  const [stdout, stderr] = [JOB_FILES.answer, JOB_FILES.log].map((name) => openSync(join(folder, name), 'w'));
  const program = startAttached(new URL(programFile), command, {
    ...{ stdout: stdout!, stderr: stderr! },
    onMessage: progressWriter(folder),
  });
  let paused = false;
  const pause = () => {
    if (!paused) program.kill('SIGINT'); // it saves a checkpoint and ends; a second one would end it without
    paused = true;
  };
  const abort = () => program.kill('SIGKILL');
  process.on('SIGINT', pause).on('SIGTERM', abort);
  const early = await askedIn(folder); // before there was a process
  if (early) (early === 'pause' ? pause : abort)();
  const end = await program.ended;
  const unwritable = end.code === 0 ? undefined : await whyUnwritable(folder);
  const outcome: Outcome = { ...end, at: systemDate().toISOString(), ...(unwritable && { unwritable }) };
  const asked = await askedIn(folder);
  if (asked !== 'discard') await reserve.become(join(folder, JOB_FILES.outcome), JSON.stringify(outcome));
  return asked;
}

/** Returns why nothing can be written to a folder, or undefined if something can. */
async function whyUnwritable(folder: string): Promise<string | undefined> {
  const path = join(folder, 'probe');
  try {
    await writeWhole(path, 'probe');
    await removeFile(path);
    return undefined;
  } catch (cause) {
    return `can’t write to ${folder} (${diskReason(cause)})`;
  }
}

async function askedIn(folder: string): Promise<Asked['how'] | undefined> {
  const text = await readFile(join(folder, JOB_FILES.asked), 'utf8').catch(() => '');
  return text === '' ? undefined : askedSchema.parse(JSON.parse(text)).how;
}

/** Returns what to call with a program's messages. Writes the newest one, and not too often. */
function progressWriter(folder: string): (message: unknown) => void {
  let newest: JobProgress | undefined;
  let isWriting = false;
  const write = async () => {
    isWriting = true;
    while (newest) {
      const text = `${JSON.stringify(newest)}\n`;
      newest = undefined;
      await writeWhole(join(folder, JOB_FILES.progress), text).catch(() => {}); // a full disk delays only what is shown
      await systemClock.delay(PROGRESS_EVERY_MS);
    }
    isWriting = false;
  };
  return (message) => {
    newest = jobProgressSchema.parse(message);
    if (!isWriting) void write();
  };
}

/** Returns false if the job was started before, by this server or another one: a job runs at most once. */
async function isFirst(folder: string): Promise<boolean> {
  const started: Started = { pid: process.pid, at: systemDate().toISOString() };
  try {
    await writeWhole(join(folder, JOB_FILES.started), `${JSON.stringify(started)}\n`, { exclusive: true });
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

const [folder, turnLock, program] = process.argv.slice(2);
await run(folder!, turnLock!, program!);
