import { describe, expect, it } from 'vitest';
import { checkVersion } from './newest-version.ts';

describe('the newest version', () => {
  const answer = (stdout: string, code = 0, stderr = '') => {
    const asked: string[] = [];
    const run = async (program: string, parameters: readonly string[]) => {
      asked.push([program, ...parameters].join(' '));
      return { code, stdout, stderr };
    };
    return { asked, run };
  };

  it.each([
    ['0.1.0', '"0.1.0"\n', true],
    ['0.1.0', '"0.2.0"\n', false],
    ['0.10.0', '"0.9.9"\n', true],
  ])('of %s against %j: %s', async (installed, stdout, isNewest) => {
    const { asked, run } = answer(stdout);
    expect(await checkVersion(installed, run, 'linux')).toMatchObject({ installed, isNewest });
    expect(asked).toEqual(['npm view swipenet version --json']);
  });

  it('is asked for through the shell on Windows, where npm is a script', async () => {
    const { asked, run } = answer('"0.1.0"');
    await checkVersion('0.1.0', run, 'win32');
    expect(asked).toEqual(['cmd.exe /d /c npm view swipenet version --json']);
  });

  it('stays unknown with npm’s reason if npm has no answer', async () => {
    const failed = answer('{"error":{"code":"E404"}}', 1).run;
    await expect(checkVersion('0.1.0', failed, 'linux')).rejects.toMatchObject({
      code: 'registry_unreachable',
      message: 'npm has no answer for swipenet: E404',
    });
    await expect(checkVersion('0.1.0', answer('').run, 'linux')).rejects.toThrow('npm has no answer for swipenet');
    await expect(checkVersion('0.1.0', async () => undefined, 'linux')).rejects.toThrow('npm isn’t installed');
  });
});
