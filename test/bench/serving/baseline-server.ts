// A plain server to compare Swipenet with: Hono, one ONNX Runtime session in the server's own process (two threads on a
// CPU), ONNX Runtime's own LRN op, and one batch per request. It decodes like Swipenet. Its argument is the device.
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { buildServingModel } from '@swipenet/server/googlenet/serving-model.ts';
import { cropBatch, encodedPhoto } from '@swipenet/server/image/photo-bytes.ts';
import { preprocessPhoto } from '@swipenet/server/image/preprocess.ts';
import { openSession } from '@swipenet/server/runtime/session.ts';
import { likesOf } from '@swipenet/shared/confidence.ts';
import { Hono } from 'hono';
import { randomWeights } from '../../support/random-weights.ts';
import { parseDevice } from '../device.ts';

const weights = randomWeights(1);
const model = buildServingModel({ weights, mean: 114.7, temperature: 1, storage: 'float32', lrnForm: 'op' });
const device = parseDevice(process.argv[2] ?? 'cpu');
const session = await openSession({ model, device, threads: device === 'cpu' ? 2 : 1 });

const app = new Hono();
app.post('/v1/score', async (context) => {
  const form = await context.req.raw.formData();
  const files = form.getAll('photo') as File[];
  const crops = await Promise.all(
    files.map(async (file) => preprocessPhoto(encodedPhoto(await file.bytes()), 'cover')),
  );
  const { confidence } = await session.run({ photos: { data: cropBatch(crops), shape: [crops.length, 1, 224, 224] } });
  return context.json({ photos: Array.from(likesOf(confidence!.data), (like, index) => ({ index, like })) });
});
const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, () => {
  console.log(`the baseline listens on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
