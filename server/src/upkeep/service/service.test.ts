import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { installService, removeService, serviceManager, serviceStatus } from './service.ts';

/** A path as people have it on Windows, with all that systemd, XML and command lines treat specially. */
const AWKWARD = '/home/Ann & Bob/100% "node" $HOME\\bin';

/** A system whose commands all succeed, except those that start with one of these. */
function system(...failing: string[]) {
  const ran: string[] = [];
  const run = async (program: string, parameters: readonly string[]) => {
    const command = [program, ...parameters].join(' ');
    ran.push(command);
    const fails = failing.some((start) => command.startsWith(start));
    return { code: fails ? 1 : 0, stdout: 'active\n', stderr: fails ? 'no bus\nmore' : '' };
  };
  return { ran, run };
}

const managerOf = (platform: string, folder = temporaryFolder()) =>
  serviceManager(platform, { userFolder: folder, userId: 501, environment: { USERNAME: 'ann', USERDOMAIN: 'PC' } });

describe('a service', () => {
  const command = ['/usr/bin/node', '/opt/main.js', 'serve'] as const;

  it('is installed, asked for and removed', async () => {
    const [manager, { ran, run }] = [managerOf('linux'), system()];
    expect(await serviceStatus(manager, run)).toEqual({ installed: false, running: false });
    expect(await removeService(manager, run)).toBe(false);
    expect(ran).toEqual([]);

    await installService(manager, command, run);
    expect(readFileSync(manager.file, 'utf8')).toContain('ExecStart="/usr/bin/node" "/opt/main.js" "serve"\n');
    expect(await serviceStatus(manager, run)).toEqual({ installed: true, running: true });
    expect(await removeService(manager, run)).toBe(true);
    expect(existsSync(manager.file)).toBe(false);
    expect(ran).toEqual([
      'systemctl --user daemon-reload',
      'systemctl --user enable --now swipenet.service',
      'systemctl --user is-active swipenet.service',
      'systemctl --user disable --now swipenet.service',
      'systemctl --user daemon-reload',
    ]);
  });

  it('leaves nothing behind if the system refuses it', async () => {
    const [manager, { run }] = [managerOf('linux'), system('systemctl --user enable')];
    await expect(installService(manager, command, run)).rejects.toMatchObject({
      code: 'service_failed',
      message: 'systemctl --user enable failed: no bus',
    });
    expect(existsSync(manager.file)).toBe(false);
  });

  it('says which program is missing', async () => {
    const manager = managerOf('linux');
    const nothing = async () => undefined;
    await expect(installService(manager, command, nothing)).rejects.toThrow('systemctl is not installed');
    expect(existsSync(manager.file)).toBe(false);
  });

  it('stays installed if it can’t be stopped', async () => {
    const [manager, { run }] = [managerOf('linux'), system('systemctl --user disable')];
    await installService(manager, command, run);
    await expect(removeService(manager, run)).rejects.toThrow('systemctl --user disable failed: no bus');
    expect(existsSync(manager.file)).toBe(true);
  });

  it('is replaced when it is installed again', async () => {
    const [manager, { ran, run }] = [managerOf('linux'), system()];
    await installService(manager, command, run);
    await installService(manager, [...command, '--port', '9000'], run);
    expect(readFileSync(manager.file, 'utf8')).toContain('"--port" "9000"');
    expect(ran.filter((words) => words.includes('disable'))).toHaveLength(1);
  });

  it('isn’t made of what npx runs, because npx may delete that', async () => {
    const [manager, { run }] = [managerOf('linux'), system()];
    const temporary = ['/usr/bin/node', join('/home/ann/.npm/_npx/1f/node_modules/swipenet/main.js')] as const;
    await expect(installService(manager, temporary, run)).rejects.toThrow('npm install -g swipenet');
  });

  it('needs a system that has services', () => {
    expect(() => managerOf('freebsd')).toThrow('services on freebsd are not supported');
  });
});

describe('what describes a service', () => {
  const describe = (platform: string) => managerOf(platform, '/home/ann').describe([AWKWARD, '/opt/main.js', 'serve']);

  it('is a unit that systemd accepts', ({ skip }) => {
    const env = { ...process.env, XDG_RUNTIME_DIR: temporaryFolder() };
    const analyze = (path: string) =>
      spawnSync('systemd-analyze', ['verify', '--user', path], { encoding: 'utf8', env });
    skip(analyze('--version').error !== undefined, 'systemd-analyze is not installed');
    const manager = managerOf('linux');
    const unit = join(temporaryFolder(), 'swipenet.service');
    writeFileSync(unit, manager.describe([process.execPath, '/opt/100% "main".js', 'serve']));
    const { status, stderr } = analyze(unit);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    writeFileSync(unit, manager.describe(['/nowhere/node', 'serve']));
    expect(analyze(unit).stderr).toContain('/nowhere/node is not executable');
  });

  it('quotes for systemd', () => {
    expect(describe('linux')).toContain(
      'ExecStart="/home/Ann & Bob/100%% \\"node\\" $$HOME\\\\bin" "/opt/main.js" "serve"\n',
    );
  });

  it('quotes for launchd', () => {
    expect(describe('darwin')).toContain('<string>/home/Ann &amp; Bob/100% &quot;node&quot; $HOME\\bin</string>');
  });

  it('quotes for the Task Scheduler, in UTF-16', () => {
    const bytes = describe('win32') as Uint8Array;
    expect([...bytes.subarray(0, 2)]).toEqual([0xff, 0xfe]);
    const text = new TextDecoder('utf-16le').decode(bytes);
    expect(text).toContain('<UserId>PC\\ann</UserId>');
    expect(text).toContain('<Arguments>&quot;/opt/main.js&quot; &quot;serve&quot;</Arguments>');
  });
});
