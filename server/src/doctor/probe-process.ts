// The program of a probe's process: one session, which may take its process down, as a CUDA library that does not fit
// its driver can. It speaks the messages of probe-messages.ts over its channel.
import { readFile } from 'node:fs/promises';
import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { openSession, type Session } from '../runtime/session.ts';
import type { FromProbe, ToProbe } from './probe-messages.ts';

process.on('disconnect', () => process.exit(0)); // the doctor is gone

let session: Session;

async function answer(message: ToProbe): Promise<FromProbe> {
  switch (message.type) {
    case 'open': {
      const { modelPath, ...options } = message.settings;
      session = await openSession({ ...options, model: await readFile(modelPath) });
      return { type: 'opened' };
    }
    case 'run': {
      const photos = { data: message.photos, shape: [message.count, 1, CROP_SIZE, CROP_SIZE] };
      const { confidence, evidence } = await session.run({ photos });
      if (!confidence || !evidence) throw new Error('the model has no outputs named confidence and evidence');
      const likes = confidence.data.filter((_, index) => index % 2 === 1); // columns NOPE, LIKE
      return { type: 'answer', answer: { likes, evidence: evidence.data } };
    }
    case 'close':
      await session.close();
      return { type: 'closed' };
  }
}

process.on('message', (message: ToProbe) => {
  answer(message).then(
    (reply) => process.send?.(reply),
    (error: unknown) => process.send?.({ type: 'failed', message: String(error) } satisfies FromProbe),
  );
});
