// Every child's program imports this, so it imports nothing but Node: a killed child is back the sooner.
import { setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { FromChild, Protocol, ToChild } from './protocol.ts';

/** What a child's program does with each type of question. */
export type Handlers<Questions extends Protocol> = {
  readonly [Type in keyof Questions]: (
    question: Questions[Type]['question'],
  ) => Questions[Type]['answer'] | Promise<Questions[Type]['answer']>;
};

/** Below the parent's priority, so that whoever waits for the parent is answered while every core computes. */
const NICENESS = 10;

/**
 * Makes this process a child: it answers its parent's questions one after the other, and ends when told to or when its
 * parent is gone. What a handler throws becomes the answer's error.
 */
export function serveParent<Questions extends Protocol>(handlers: Handlers<Questions>): void {
  setPriority(NICENESS);
  process.on('disconnect', () => process.exit(0)); // the parent is gone
  process.on('SIGINT', () => {}); // a terminal sends Ctrl-C to everyone; the parent says when to end
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

/** Resolves when the message is on its way, or cannot be sent any more. */
const send = (message: FromChild) =>
  new Promise<unknown>((resolve) => process.send?.(message, undefined, undefined, resolve));
