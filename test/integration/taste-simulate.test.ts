import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeLabeledPhotos } from '../support/labeled-photos.ts';
import { runSwipenet } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Runs the command on profiles of which every fourth has two photos, and the others one. */
async function simulate(photos: number, ...flags: string[]) {
  const [root, home] = [temporaryFolder(), temporaryFolder()];
  await writeLabeledPhotos(root, { LIKE: photos, NOPE: photos }, 1.25);
  const folders = ['--like', join(root, 'like'), '--nope', join(root, 'nope')];
  return await runSwipenet(['taste', 'simulate', ...folders, '--device', 'cpu', ...flags], { home }).ended;
}

describe('swipenet taste simulate', () => {
  it('prints a learning curve from folders of profiles', async () => {
    const { code, stdout } = await simulate(35, '--seed', '3', '--json');
    expect(code).toBe(0);
    const { seed, leftOut, curve } = JSON.parse(stdout);
    expect({ seed, leftOut }).toEqual({ seed: 3, leftOut: [] });
    expect(curve[0].swipes).toBeGreaterThanOrEqual(40);
    expect(curve[0].swipes + curve[0].next.count).toBe(56);
    expect(curve[0]).toMatchObject({ method: { kind: 'means' }, rule: { rule: 'profile' } });
  });

  it('refuses too few profiles with exit code 2, and names the counts', async () => {
    expect(await simulate(5)).toMatchObject({ code: 2, stderr: expect.stringContaining('only 4 NOPE and 4 LIKE') });
  });
});
