import { fileURLToPath } from 'node:url';
import { systemClock } from '@swipenet/server/clock.ts';
import { encodedPhoto } from '@swipenet/server/image/photo-bytes.ts';
import { DecoderPool } from '@swipenet/server/inference/decoding/decoder-pool.ts';
import { openScorer } from '@swipenet/server/inference/open-scorer.ts';
import { loadServedModel } from '@swipenet/server/registry/model-registry.ts';
import { expect, it, onTestFinished } from 'vitest';
import { onlyForm } from '../support/model-forms.ts';
import { formulaPhoto } from '../support/photos.ts';

const FOLDER = fileURLToPath(new URL('../../server/models', import.meta.url));
const FAKE_DECODER = new URL('../fixtures/fake-decoder.ts', import.meta.url);
const HANGS = Uint8Array.of(14);

async function openWith(decoders: DecoderPool) {
  onTestFinished(() => decoders.close());
  const modelOn = onlyForm(await loadServedModel([FOLDER], 'quality'));
  const open = await openScorer({ modelOn, choice: 'cpu', cores: 1, clock: systemClock, decoders });
  onTestFinished(() => open.close());
  return open;
}

it('loses no photos if decoders are killed: they are decoded again', async () => {
  const decoders = await DecoderPool.open({ decoders: 2, clock: systemClock });
  const { scorer, ready } = await openWith(decoders);
  const sizes = Array.from({ length: 4 }, (_, index) => 300 + index);
  const photos = await Promise.all(
    sizes.map(async (size) => encodedPhoto(await formulaPhoto(size, 500).jpeg().toBuffer())),
  );
  const score = async () => {
    const scored = await scorer.score(photos, { priority: 'now', signal: new AbortController().signal });
    return scored.map((photo) => ('error' in photo ? photo.error.code : photo.like));
  };
  const before = await score();
  const scoring = score();
  for (const { pid } of decoders.stats) process.kill(pid!, 'SIGKILL');
  expect(await scoring).toEqual(before);
  expect(ready()).toBe(true);
  // One of them may have decoded everything before the other was there again.
  const deaths = () => decoders.stats.map(({ restarts }) => restarts.died);
  await expect.poll(deaths, { timeout: 60_000 }).toEqual([1, 1]);
});

it('keeps a request’s deadline while decodes hang, and serves others meanwhile, without a cache', async () => {
  const decoders = await DecoderPool.open({ decoders: 2, clock: systemClock, program: FAKE_DECODER });
  const { scorer } = await openWith(decoders);
  const deadline = new AbortController();
  const options = { priority: 'now', signal: deadline.signal } as const;
  const hanging = scorer.score([encodedPhoto(HANGS)], options);
  const usual = await scorer.score([encodedPhoto(Uint8Array.of(50))], options);
  expect(usual).toEqual([expect.objectContaining({ like: expect.any(Number) })]);
  deadline.abort(new Error('the deadline has passed'));
  await expect(hanging).rejects.toThrow('the deadline has passed');
  await scorer.close(); // nothing is in flight anymore
});
