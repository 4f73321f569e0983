import { type ChildProcess, fork } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import type { FromProbe, ProbeAnswer, ProbeSettings, ToProbe } from './probe-messages.ts';

const PROGRAM = new URL('./probe-process.ts', import.meta.url);
const STDERR_CHARACTERS = 8000;

/** Longer than CUDA takes to load its libraries, or to search its algorithms for a new batch size. */
const TIMEOUT_MS = 120_000;

/** A session in a process of its own. */
export interface Probe {
  /** Runs one batch, `[count, 1, 224, 224]` gray levels. @throws Error with ONNX Runtime's words. */
  run(photos: Uint8Array, count: number): Promise<ProbeAnswer>;
  /** Closes the session, which writes its profile, and ends the process. */
  close(): Promise<void>;
}

/** Opens a probe; tests bring pretended ones. */
export type OpenProbe = (settings: ProbeSettings) => Promise<Probe>;

/**
 * Gives what opens a session in a child process. Errors carry what the process wrote to standard error: with CUDA that is
 * where the cause is.
 *
 * @param environment of the process; the loader reads `LD_LIBRARY_PATH` when a process begins, so it must be there by then.
 * @param deadline gives a signal that aborts after so many milliseconds.
 */
export function probeOpener(
  environment: Readonly<Record<string, string | undefined>>,
  deadline: (timeoutMs: number) => AbortSignal,
  program = PROGRAM,
): OpenProbe {
  return async (settings) => {
    const child = fork(program, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      // TF32 would make a GPU's answers differ from a CPU's in the third digit; engines run without it, too.
      env: settings.device === 'cpu' ? environment : { ...environment, NVIDIA_TF32_OVERRIDE: '0' },
    });
    const ask = asker(child, deadline);
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const end = async () => {
      child.kill('SIGKILL');
      await ended;
    };
    try {
      await ask({ type: 'open', settings }, 'opened');
    } catch (error) {
      await end();
      throw error;
    }
    return {
      run: async (photos, count) => (await ask({ type: 'run', photos, count }, 'answer')).answer,
      close: async () => {
        await ask({ type: 'close' }, 'closed').finally(end);
      },
    };
  };
}

/** Asks one thing after the other; a process that does not answer in time is killed. */
function asker(child: ChildProcess, deadline: (timeoutMs: number) => AbortSignal) {
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = stripVTControlCharacters(words + text).slice(-STDERR_CHARACTERS);
  });
  const withWords = (reason: string) => new Error([reason, words.trim()].filter(Boolean).join('\n'));
  let ended: string | undefined;
  let waiting: PromiseWithResolvers<FromProbe> | undefined;
  child.on('message', (message: FromProbe) => waiting?.resolve(message));
  // 'close' and not 'exit': its last words have been read by then.
  child.on('close', (code, signal) => {
    ended = `the process ended (${signal ?? `code ${code}`})`;
    waiting?.reject(withWords(ended));
  });

  return async <Type extends FromProbe['type']>(
    message: ToProbe,
    expected: Type,
  ): Promise<Extract<FromProbe, { type: Type }>> => {
    if (ended !== undefined) throw withWords(ended);
    const reply = Promise.withResolvers<FromProbe>();
    waiting = reply;
    const overdue = deadline(TIMEOUT_MS);
    const giveUp = () => {
      reply.reject(withWords(`it did not answer within ${TIMEOUT_MS / 1000} s`));
      child.kill('SIGKILL');
    };
    overdue.addEventListener('abort', giveUp);
    try {
      child.send(message, () => {}); // a broken channel shows itself by the process's end
      const answer = await reply.promise;
      if (answer.type === expected) return answer as Extract<FromProbe, { type: Type }>;
      throw withWords(answer.type === 'failed' ? answer.message : `it answered ${answer.type}`);
    } finally {
      overdue.removeEventListener('abort', giveUp);
    }
  };
}
