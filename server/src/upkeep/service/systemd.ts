import { join } from 'node:path';
import type { ServiceManager, Surroundings, Words } from './service-manager.ts';

const UNIT = 'swipenet.service';
const control = (...words: string[]): Words => ['systemctl', '--user', ...words];

/** systemd, for one user (systemd.unit(5)). */
export const systemd = ({ userFolder, environment }: Surroundings): ServiceManager => ({
  name: 'systemd',
  tried: true, // with 252, by test/peers/service.test.ts
  file: join(environment.XDG_CONFIG_HOME || join(userFolder, '.config'), 'systemd', 'user', UNIT),
  describe: unit,
  start: [control('daemon-reload'), control('enable', '--now', UNIT)],
  stop: [control('disable', '--now', UNIT)],
  forget: [control('daemon-reload')],
  query: control('is-active', UNIT),
  isRunning: ({ stdout }) => stdout.trim() === 'active',
  note: 'It runs while you are logged in. To have it run always: loginctl enable-linger\nIts log: journalctl --user -u swipenet',
});

/** Quotes a word for ExecStart: systemd expands `%` and `$` in it (systemd.service(5), systemd.syntax(7)). */
const quoted = (word: string) => `"${word.replaceAll(/[\\"]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;

const unit = (command: Words) => `# Written by swipenet service install.
[Unit]
Description=Swipenet photo scoring server

[Service]
Type=exec
ExecStart=${command.map(quoted).join(' ')}
# SIGTERM goes to the server alone, which needs its engines for up to 25 s to finish its requests.
KillMode=mixed
TimeoutStopSec=30
Restart=on-failure
RestartSec=2
# Restarting doesn't help if a flag, model or device is unusable.
RestartPreventExitStatus=2
NoNewPrivileges=yes
UMask=0077

[Install]
WantedBy=default.target
`;
