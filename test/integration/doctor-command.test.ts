import { describe, expect, it } from 'vitest';
import { runSwipenet } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = (...parameters: string[]) => runSwipenet(['doctor', ...parameters], { home: temporaryFolder() }).ended;

describe('swipenet doctor', () => {
  // Whether there is a GPU here is not for a test to know: what it says and how it ends must agree.
  it('prints nothing but JSON with --json, and ends by what it found', { timeout: 600_000 }, async () => {
    const { code, stdout } = await run('--device', 'cuda:0', '--json');
    const { works, device, verdict, checks } = JSON.parse(stdout);
    expect(device).toBe('cuda:0');
    expect(code).toBe(works ? 0 : 1);
    const failed = checks.find(({ status }: { status: string }) => status === 'fail');
    expect(works).toBe(failed === undefined);
    expect(verdict).toBe(works ? 'cuda:0 works' : `cuda:0 does not work: ${failed.summary} (${failed.name})`);
    expect(checks.map(({ name }: { name: string }) => name)).toContain('throughput');
  });

  it('ends with 2 where it was asked for something impossible', async () => {
    const { code, stdout, stderr } = await run('--model', 'nobodys', '--json');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('(model_missing)');
  });
});
