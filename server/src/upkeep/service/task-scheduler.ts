import { win32 } from 'node:path';
import type { ServiceManager, Surroundings, Words } from './service-manager.ts';
import { escapeXml } from './xml.ts';

const TASK = 'Swipenet';
const tasks = (...words: string[]): Words => ['schtasks.exe', ...words];

/** The Task Scheduler of Windows, with a task that starts when the person logs on. */
export const taskScheduler = ({ userFolder, environment }: Surroundings): ServiceManager => {
  const data = environment.LOCALAPPDATA || win32.join(userFolder, 'AppData', 'Local');
  const file = win32.join(data, 'swipenet', 'service.xml');
  return {
    name: 'Task Scheduler',
    tried: false,
    file,
    describe: (command) => taskFile(command, `${environment.USERDOMAIN ?? '.'}\\${environment.USERNAME ?? ''}`),
    start: [tasks('/Create', '/TN', TASK, '/XML', file, '/F'), tasks('/Run', '/TN', TASK)],
    stop: [tasks('/End', '/TN', TASK), tasks('/Delete', '/TN', TASK, '/F')],
    query: ['powershell.exe', '-NoProfile', '-Command', `(Get-ScheduledTask -TaskName ${TASK}).State`], // in English
    isRunning: ({ code, stdout }) => code === 0 && stdout.trim() === 'Running',
    note: 'Windows ends it without letting it finish its requests.',
  };
};

/** Quotes a word of a command line, as programs on Windows split it (CommandLineToArgvW). */
const quoted = (word: string) => `"${word.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;

/** schtasks reads XML as UTF-16. */
function taskFile([program, ...parameters]: Words, user: string): Uint8Array {
  const text = `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Triggers>
    <LogonTrigger>
      <UserId>${escapeXml(user)}</UserId>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>${escapeXml(user)}</UserId>
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>3</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${escapeXml(quoted(program))}</Command>
      <Arguments>${escapeXml(parameters.map(quoted).join(' '))}</Arguments>
    </Exec>
  </Actions>
</Task>
`.replaceAll('\n', '\r\n');
  return Buffer.from(`\ufeff${text}`, 'utf16le');
}
