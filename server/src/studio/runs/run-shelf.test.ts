import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeRun } from '../../../../test/support/made-run.ts';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { Home } from '../../home/home.ts';
import { ReportLinks } from './report-links.ts';
import { RunShelf, runStateOf } from './run-shelf.ts';

const [EARLY, LATE] = ['2026-11-28T01:00:00.000Z', '2026-11-28T02:00:00.000Z'];

/** A shelf of runs that commands have made. */
function setUp() {
  const home = new Home(temporaryFolder());
  const dataset = { folder: '/photos/flowers.set', id: 'c0ffee' };
  writeRun(home.runs, { name: 'roses', dataset, epochs: 2, stepsPerEpoch: 5, state: 'finished' });
  return { home, dataset, shelf: new RunShelf(home, { list: async () => [] }) };
}

describe('the shelf of runs', () => {
  it('lists a run of a command with everything that a clone needs', async () => {
    const { shelf } = setUp();
    const [run] = await shelf.list();
    expect(run).toMatchObject({
      ...{ name: 'roses', state: 'finished', job: null, datasetName: 'flowers.set', hasReport: true, hasModel: false },
      ...{ canResume: false, progress: { step: 10, steps: 10 } },
      request: { dataset: 'c0ffee', mode: 'full', target: null, values: { epochs: '2', mirror: true, init: 'base' } },
    });
  });

  it('lists a head, and a damaged run with what is wrong, and skips what is no run', async () => {
    const { home, shelf } = setUp();
    const write = (name: string, file: string, text: string) => {
      mkdirSync(home.run(name), { recursive: true });
      writeFileSync(join(home.run(name), file), text);
    };
    write('few', 'head.json', JSON.stringify({ name: 'few', init: 'base', seed: 3, data: 'c0ffee', folds: 5 }));
    write('few', 'predictions.jsonl', '');
    write('broken', 'run.json', '{"format":2}');
    write('notes', 'readme.txt', '');
    write('Not an ID', 'run.json', '{}');
    const runs = new Map((await shelf.list()).map((run) => [run.name, run]));
    expect([...runs.keys()].toSorted()).toEqual(['broken', 'few', 'roses']);
    expect(runs.get('few')).toMatchObject({ state: 'finished', request: { mode: 'head', values: { seed: '3' } } });
    expect(runs.get('broken')).toMatchObject({ state: 'damaged', canResume: false });
    expect(runs.get('broken')?.message).toContain('run.json');
  });

  it('lets nobody name a folder outside', async () => {
    const { shelf } = setUp();
    for (const name of ['..', '../../etc', 'a/b', '']) expect(() => shelf.folderOf(name)).toThrow('no longer exists');
    await expect(shelf.metrics('..', '')).rejects.toMatchObject({ code: 'studio_unknown' });
  });
});

describe('the state of a run', () => {
  const own = (state: 'running' | 'stopped' | 'finished' | 'failed' | 'killed', since: string) => ({ state, since });
  const job = (
    state: 'waiting' | 'running' | 'stopping' | 'finished' | 'paused' | 'aborted' | 'failed' | 'killed',
  ) => ({
    ...{ state, outcome: { at: '2026-11-28T01:30:00.000Z', code: 0, signal: null } },
    job: {
      ...{ format: 2 as const, id: 'a', addedAt: EARLY, command: [] },
      ...{ work: { kind: 'training' as const, run: 'roses' }, data: { folder: '/photos/flowers.set', id: 'c0ffee' } },
    },
  });
  it.each([
    ['running', own('running', EARLY), undefined, false],
    ['waiting', own('stopped', EARLY), job('waiting'), false],
    ['stopping', own('running', EARLY), job('stopping'), false],
    ['stopped', own('killed', EARLY), job('aborted'), false],
    ['stopped', own('stopped', EARLY), job('paused'), false],
    ['killed', own('killed', EARLY), job('killed'), false],
    ['failed', undefined, job('failed'), false],
    ['finished', own('finished', LATE), job('killed'), false], // a command resumed it
    ['running', own('running', LATE), job('paused'), false],
    ['finished', undefined, undefined, true], // of an earlier version
    ['stopped', undefined, undefined, false],
  ])('is %s', (expected, ofFolder, ofJob, concluded) => {
    expect(runStateOf(ofFolder, ofJob, concluded)).toBe(expected);
  });
});

describe('a link to a report', () => {
  it('works once, and within a minute', async () => {
    const { home } = setUp();
    const clock = new ManualClock();
    const links = new ReportLinks(clock);
    const [first, second] = [links.offer(home.run('roses')), links.offer(home.run('roses'))];
    expect(first).toMatch(/^[\w-]{22}$/);
    expect(await links.open(first)).toContain('A report');
    await expect(links.open(first)).rejects.toMatchObject({ code: 'studio_unknown' });
    clock.advance(60_000);
    await expect(links.open(second)).rejects.toMatchObject({ code: 'studio_unknown' });
    await expect(links.open(links.offer(home.run('none')))).rejects.toThrow('no report');
  });
});
