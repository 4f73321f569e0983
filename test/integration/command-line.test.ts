import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runSwipenet } from '../support/server-process.ts';
import { ROOT } from '../support/source-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = (...parameters: string[]) => runSwipenet(parameters, { home: temporaryFolder() }).ended;

describe('swipenet', () => {
  it('prints help without a command, starts no server, and exits with 0', async () => {
    const { code, stdout, stderr } = await run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^Usage: swipenet .+\n(.*\n)+Commands:\n {2}start \[options\] +say where the extension is, and start the server\n/,
    );
  });

  it('--version prints the version of its package', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(await run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([
    [['scroe', 'photos', '--help'], "unknown command 'scroe'", 'score'],
    [['stats'], "unknown command 'stats'", 'status'],
    [['models', 'lsit'], "unknown command 'lsit'", 'list'],
    [['devices', 'revok', '3f9c01ab'], "unknown command 'revok'", 'revoke'],
  ])('suggests the nearest command for %j and exits with 2', async (parameters, message, nearest) => {
    const { code, stdout, stderr } = await run(...parameters);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`error: ${message}\n(Did you mean ${nearest}?)\n`);
  });

  it('rejects flags of serve without the command', async () => {
    const { code, stderr } = await run('--port', '0');
    expect(code).toBe(2);
    expect(stderr).toContain("unknown option '--port'");
  });
});
