import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../../test/support/temporary-folder.ts';
import { holdRun, isHeld, readRunState } from './held-run.ts';
import { createRunFolder } from './run-folder.ts';

const SINCE = '2026-11-28T01:02:03.000Z';
const date = () => new Date(SINCE);

describe('a held run', () => {
  it('is trained by one process at a time, which leaves how it ended', async () => {
    const folder = temporaryFolder();
    await holdRun(folder, date, async () => {
      expect(await readRunState(folder)).toEqual({ state: 'running', since: SINCE });
      await expect(holdRun(folder, date, async () => ({ model: null }))).rejects.toMatchObject({ code: 'run_busy' });
      return { model: 'mine' };
    });
    expect([isHeld(folder), await readRunState(folder)]).toEqual([false, { state: 'finished', since: SINCE }]);
  });

  it.each([
    ['stopped, without a model', async () => ({ model: null }), { state: 'stopped' }],
    ['failed, with the reason', () => Promise.reject(new Error('no memory')), { state: 'failed', error: 'no memory' }],
  ])('ends as %s', async (_name, work, state) => {
    const folder = temporaryFolder();
    await holdRun(folder, date, work).catch(() => {});
    expect(await readRunState(folder)).toMatchObject(state);
  });

  it('counts as killed if its process is gone without a word', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'state.json'), JSON.stringify({ format: 1, state: 'running', since: SINCE }));
    expect(await readRunState(folder)).toEqual({ state: 'killed', since: SINCE });
  });

  it('may start in a folder that a process has only held', async () => {
    const folder = temporaryFolder();
    await holdRun(folder, date, () => Promise.reject(new Error('too few photos'))).catch(() => {});
    await createRunFolder(folder);
  });

  it.each(['', '{', '{"format":2}'])('says nothing if its state is %j', async (text) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'state.json'), text);
    expect(await readRunState(folder)).toBeUndefined();
  });
});
