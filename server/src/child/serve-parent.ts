// Every child program imports this file, so it imports only Node modules. A killed child then restarts quickly.
import { getPriority, setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type FromChild, KEEPS_PRIORITY, type Protocol, type ToChild } from './protocol.ts';

/** The handlers of a child program, by type of question. */
export type Handlers<Questions extends Protocol> = {
  readonly [Type in keyof Questions]: (
    question: Questions[Type]['question'],
  ) => Questions[Type]['answer'] | Promise<Questions[Type]['answer']>;
};

/** Lower than the parent's priority, so that the parent stays responsive while every core computes. */
const NICENESS = 10;

/**
 * Makes this process a child. It answers its parent's questions one at a time, and ends when asked to or when its
 * parent is gone. An error that a handler throws becomes the answer.
 */
export function serveParent<Questions extends Protocol>(handlers: Handlers<Questions>): void {
  // A job's priority is lower still, and only the administrator may raise one.
  if (!process.argv.includes(KEEPS_PRIORITY) && getPriority() < NICENESS) setPriority(NICENESS);
  // The parent is gone. `process.exit` would wait for native code on other threads, such as a decoder's.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.on('SIGINT', () => {}); // a terminal sends Ctrl-C to all its processes, but the parent decides when to end
  let heart: Worker | undefined;
  let previous: Promise<unknown> = Promise.resolve();
  process.on('message', (message: ToChild) => {
    if (message === 'end') {
      previous = previous.then(() => process.exit(0));
      return;
    }
    const { type, question, beatMs } = message;
    if (beatMs !== undefined && !heart) {
      heart = new Worker(new URL('./heartbeat.ts', import.meta.url), { workerData: beatMs });
      heart.unref();
    }
    previous = previous.then(async () => send(await answerOf(async () => handlers[type]!(question))));
  });
}

async function answerOf(answer: () => Promise<unknown>): Promise<FromChild> {
  try {
    return { answer: await answer() };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** Resolves when the message has been sent or can't be sent anymore. */
const send = (message: FromChild) =>
  new Promise<unknown>((resolve) => process.send?.(message, undefined, undefined, resolve));
