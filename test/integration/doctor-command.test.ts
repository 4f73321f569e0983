import { describe, expect, it } from 'vitest';
import { runSwipenet } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = (...parameters: string[]) => runSwipenet(['doctor', ...parameters], { home: temporaryFolder() }).ended;

describe('swipenet doctor', () => {
  // The test doesn't know whether this machine has a GPU, so it only checks that the output and the exit code agree.
  it('prints only JSON with --json, and exits according to the result', { timeout: 600_000 }, async () => {
    const { code, stdout } = await run('--device', 'cuda:0', '--json');
    const { works, device, verdict, checks } = JSON.parse(stdout);
    expect(device).toBe('cuda:0');
    expect(code).toBe(works ? 0 : 1);
    const failed = checks.find(({ status }: { status: string }) => status === 'fail');
    expect(works).toBe(failed === undefined);
    expect(verdict).toBe(works ? 'cuda:0 works' : `cuda:0 does not work: ${failed.summary} (${failed.name})`);
    expect(checks.map(({ name }: { name: string }) => name)).toContain('throughput');
  });

  it('exits with 2 if the command is invalid', async () => {
    const { code, stdout, stderr } = await run('--model', 'nobodys', '--json');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('(model_missing)');
  });
});
