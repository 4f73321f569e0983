import { join } from 'node:path';
import type { ServiceManager, Surroundings, Words } from './service-manager.ts';
import { escapeXml } from './xml.ts';

const LABEL = 'dev.swipenet.server';

/** launchd on macOS, as an agent of one user (launchd.plist(5)). */
export const launchd = ({ userFolder, userId }: Surroundings): ServiceManager => {
  const file = join(userFolder, 'Library', 'LaunchAgents', `${LABEL}.plist`);
  const log = join(userFolder, 'Library', 'Logs', 'swipenet.log');
  const domain = `gui/${userId}`;
  return {
    name: 'launchd',
    tried: false,
    file,
    describe: (command) => propertyList(command, log),
    start: [['launchctl', 'bootstrap', domain, file]],
    stop: [['launchctl', 'bootout', `${domain}/${LABEL}`]],
    query: ['launchctl', 'print', `${domain}/${LABEL}`],
    isRunning: ({ code, stdout }) => code === 0 && /\bstate = running\b/.test(stdout),
    note: `Its log: ${log}`,
  };
};

const propertyList = (command: Words, log: string) => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${LABEL}</string>
  <key>ProgramArguments</key>
  <array>
${command.map((word) => `    <string>${escapeXml(word)}</string>`).join('\n')}
  </array>
  <key>RunAtLoad</key>
  <true/>
  <!-- Starts it again after a crash, and not after it has ended by itself. -->
  <key>KeepAlive</key>
  <dict>
    <key>Crashed</key>
    <true/>
  </dict>
  <!-- After SIGTERM the server takes up to 25 s to finish its requests. -->
  <key>ExitTimeOut</key>
  <integer>30</integer>
  <key>Umask</key>
  <integer>63</integer>
  <key>StandardOutPath</key>
  <string>${escapeXml(log)}</string>
  <key>StandardErrorPath</key>
  <string>${escapeXml(log)}</string>
</dict>
</plist>
`;
