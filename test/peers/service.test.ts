import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../support/source-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SYSTEMD = '/lib/systemd/systemd';
const MAIN = join(ROOT, 'server', 'src', 'main.ts');

/** Starts systemd's manager for one user in namespaces of its own, waits until it runs, and then runs `commands`. */
const withSystemd = (home: string, commands: string) => `
export HOME="${home}"; mkdir -p "$HOME"
mount --make-rprivate / && mount -t tmpfs none /run && mkdir -p /run/systemd/system /run/user
umount -l /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup || exit 77
export XDG_RUNTIME_DIR=/run/user
${SYSTEMD} --user >/dev/null 2>&1 &
until [ "$(systemctl --user is-system-running)" = running ]; do sleep 0.1; done
${commands}`;

it('systemd runs the server as a service of a user whose folder has a space and a percent sign', ({ skip }) => {
  skip(!existsSync(SYSTEMD) || process.getuid?.() !== 0, 'needs systemd, and root to start it in a namespace');
  const home = join(temporaryFolder(), 'Ann 100%');
  const swipenet = `"${process.execPath}" "${MAIN}"`;
  const script = withSystemd(
    home,
    `
${swipenet} service install --home "$HOME/data" -- --port 0 --device cpu || exit 1
until ${swipenet} link --home "$HOME/data" >"$HOME/link" 2>/dev/null; do sleep 0.2; done
${swipenet} service status; echo "status $?"
curl -s "$(grep -o 'http://[^/]*' "$HOME/link")/healthz"; echo
${swipenet} service remove
${swipenet} service status; echo "status $?"`,
  );
  const run = ['-mpfC', '--kill-child', '--mount-proc', 'timeout', '120', 'bash', '-c', script];
  const { status, stdout, stderr } = spawnSync('unshare', run, { encoding: 'utf8' });
  skip(status === 77, 'this machine has no cgroup2');
  expect(stdout, stderr).toMatch(/^systemd: running\n.*\nstatus 0\n\{"status":"ok"\}$/m);
  expect(stdout).toMatch(/The service is stopped and removed\.\nNo service is installed\..*\nstatus 1\n$/);
});
