// The program of a probe's process. Its session can crash the process, for example if a CUDA library doesn't match the
// driver.
import { readFile } from 'node:fs/promises';
import { likesOf } from '@swipenet/shared/confidence.ts';
import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { serveParent } from '../child/serve-parent.ts';
import { openSession, type Session } from '../runtime/session.ts';
import type { ProbeProtocol } from './probe.ts';

let session: Session;

serveParent<ProbeProtocol>({
  open: async ({ modelPath, bytes, ...options }) => {
    session = await openSession({ ...options, model: bytes ?? (await readFile(modelPath)) });
  },
  run: async ({ photos, count }) => {
    const input = { data: photos, shape: [count, 1, CROP_SIZE, CROP_SIZE] };
    const { confidence, evidence } = await session.run({ photos: input });
    if (!confidence || !evidence) throw new Error('the model has no outputs named confidence and evidence');
    return { likes: likesOf(confidence.data), evidence: evidence.data };
  },
  close: () => session.close(),
});
