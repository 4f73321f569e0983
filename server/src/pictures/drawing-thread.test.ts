// @module-tag slow
import { describe, expect, it } from 'vitest';
import { drawPhoto, type PhotoPlan, type SceneName } from './draw-photo.ts';
import { DrawingThread } from './drawing-thread.ts';

const shore = (seed: number): PhotoPlan => ({ scene: 'shore', seed, faults: [{ name: 'noisy', strength: 0.5 }] });

/** A photo that takes less time than a drawn scene. */
const plan = (seed: number): PhotoPlan => ({ scene: 'portrait', seed, faults: [] });

describe('the drawing thread', () => {
  it('draws the same as drawPhoto, and gives each caller its own photo', async () => {
    const thread = new DrawingThread();
    const drawn = await Promise.all([thread.draw(shore(1)), thread.draw(shore(2))]);
    expect(drawn).toEqual([await drawPhoto(shore(1)), await drawPhoto(shore(2))]);
  });

  it('rejects all pending photos when it fails, and restarts for the next one', async () => {
    const thread = new DrawingThread();
    const impossible = { ...plan(1), scene: 'the back of the moon' as SceneName };
    const drawn = await Promise.allSettled([thread.draw(impossible), thread.draw(plan(1))]);
    expect(drawn.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await thread.draw(plan(1))).toEqual(await drawPhoto(plan(1)));
  });

  it('rejects a photo if too many are waiting', async () => {
    const thread = new DrawingThread(2);
    const drawn = await Promise.allSettled([1, 2, 3, 4].map((seed) => thread.draw(plan(seed))));
    expect(drawn.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
    expect(drawn[3]).toMatchObject({ reason: { code: 'queue_full' } });
  });

  it('never draws a photo that nobody waits for anymore', async () => {
    const thread = new DrawingThread(2);
    const leaving = new AbortController();
    const impossible = { ...plan(1), scene: 'the back of the moon' as SceneName }; // would fail all the others
    const kept = [thread.draw(plan(1)), thread.draw(plan(2))];
    const left = thread.draw(impossible, leaving.signal);
    leaving.abort(new Error('the client left'));
    await expect(left).rejects.toThrow('the client left');
    kept.push(thread.draw(plan(3))); // there is room again
    expect(await Promise.all(kept)).toHaveLength(3);
    await expect(thread.draw(plan(4), leaving.signal)).rejects.toThrow('the client left');
  });
});
