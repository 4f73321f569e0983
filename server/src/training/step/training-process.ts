// The program of the training process. ONNX Runtime blocks the thread it runs on, for seconds, and can take its process
// down: here the terminal stays alive meanwhile. It speaks the messages of training-messages.ts over its channel.
import { setPriority } from 'node:os';
import { SessionTrainingEngine } from './training-engine.ts';
import type { FromTraining, ToTraining } from './training-messages.ts';

setPriority(10); // below whatever the person does meanwhile
process.on('disconnect', () => process.exit(0)); // the trainer is gone
process.on('SIGINT', () => {}); // a terminal sends Ctrl-C to everyone; the trainer says when to end

let engine: SessionTrainingEngine;

async function answer(message: ToTraining): Promise<FromTraining> {
  switch (message.type) {
    case 'open':
      engine = await SessionTrainingEngine.open(message.options, message.state);
      return { type: 'ready' };
    case 'step':
      return { type: 'stepped', answers: await engine.step(message.inputs) };
    case 'evaluate':
      return { type: 'evaluated', logits: await engine.evaluate(message.photos) };
    case 'state':
      return { type: 'state', state: await engine.state() };
    case 'load':
      await engine.load(message.state);
      return { type: 'loaded' };
    case 'usage': {
      const { user, system } = process.cpuUsage();
      return { type: 'usage', usage: { cpuMicroseconds: user + system, memoryBytes: process.memoryUsage.rss() } };
    }
    case 'close':
      await engine.close();
      return { type: 'closed' };
  }
}

/** One after the other: answers go out in the order of the questions, and no two runs of a session overlap. */
let previous = Promise.resolve();
process.on('message', (message: ToTraining) => {
  const failed = (error: unknown): FromTraining => ({ type: 'failed', message: String(error) });
  previous = previous.then(async () => {
    process.send?.(await answer(message).catch(failed));
  });
});
