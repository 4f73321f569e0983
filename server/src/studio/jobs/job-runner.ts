// The program that runs a job: `node job-runner.ts JOB-FOLDER TURN-LOCK [PROGRAM]`. It outlives the server, and records
// how the command ends. Its locks prove that it lives, so the next server needn't trust a process ID.

import { openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { startAttached } from '../../child/detached.ts';
import { systemDate } from '../../clock.ts';
import { ProcessLock } from '../../files/process-lock.ts';
import { writeWhole } from '../../files/write-whole.ts';
import { askedSchema, JOB_FILES, jobSchema, type Outcome, type Started } from './job-files.ts';

/** What runs the command, unless a test passes its own. */
const COMMAND_LINE = new URL('../../main.ts', import.meta.url).href;

/** The lowest priority there is, so that photos are scored as if nothing else ran. */
const NICENESS = 19;

async function run(folder: string, turnLock: string, commandLine: string): Promise<void> {
  setPriority(NICENESS);
  using turn = ProcessLock.take(turnLock);
  if (!turn) return; // another job runs
  using own = ProcessLock.take(join(folder, JOB_FILES.lock));
  if (!own) return;
  const { command } = jobSchema.parse(JSON.parse(await readFile(join(folder, JOB_FILES.job), 'utf8')));
  if (!(await isFirst(folder))) return;
  const [stdout, stderr] = [JOB_FILES.answer, JOB_FILES.log].map((name) => openSync(join(folder, name), 'w'));
  const program = startAttached(new URL(commandLine), command, { stdout: stdout!, stderr: stderr! });
  let paused = false;
  const pause = () => {
    if (!paused) program.kill('SIGINT'); // it saves a checkpoint and ends; a second one would end it without
    paused = true;
  };
  const abort = () => program.kill('SIGKILL');
  process.on('SIGINT', pause).on('SIGTERM', abort);
  const asked = await readFile(join(folder, JOB_FILES.asked), 'utf8').catch(() => '');
  if (asked !== '') (askedSchema.parse(JSON.parse(asked)).how === 'pause' ? pause : abort)(); // before there was a process
  const outcome: Outcome = { ...(await program.ended), at: systemDate().toISOString() };
  await writeWhole(join(folder, JOB_FILES.outcome), `${JSON.stringify(outcome)}\n`);
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

const [folder, turnLock, commandLine = COMMAND_LINE] = process.argv.slice(2);
await run(folder!, turnLock!, commandLine);
