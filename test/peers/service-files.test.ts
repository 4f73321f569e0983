import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceManager } from '@swipenet/server/upkeep/service/service.ts';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

// Python's readers of property lists and of XML read what macOS and Windows would.

const words = ['/Users/Ann & Bob/"node"', '/opt/main.js', 'serve', '--home', 'C:\\Users\\Ann & Bob\\'] as const;

function read(platform: string, program: string): unknown {
  const manager = serviceManager(platform, { userFolder: '/home/ann', userId: 501, environment: { USERNAME: 'ann' } });
  const file = join(temporaryFolder(), 'service');
  writeFileSync(file, manager.describe(words));
  return JSON.parse(execFileSync('python3', ['-c', program, file], { encoding: 'utf8' }));
}

it('launchd’s file is a property list with the command', () => {
  const program = 'import json, plistlib, sys; print(json.dumps(plistlib.load(open(sys.argv[1], "rb"))))';
  expect(read('darwin', program)).toMatchObject({
    Label: 'dev.swipenet.server',
    ProgramArguments: words,
    RunAtLoad: true,
  });
});

it('the Task Scheduler’s file is XML, and Windows splits its command line into the same words', () => {
  const program = `
import json, sys, xml.etree.ElementTree as tree
action = tree.parse(sys.argv[1]).find('.//{*}Exec')
print(json.dumps([action.find('{*}Command').text, action.find('{*}Arguments').text]))`;
  const [command, parameters] = read('win32', program) as [string, string];
  expect(command).toBe('"/Users/Ann & Bob/\\"node\\""');
  // A backslash before the last quote is doubled, so that it doesn't quote it (CommandLineToArgvW).
  expect(parameters).toBe('"/opt/main.js" "serve" "--home" "C:\\Users\\Ann & Bob\\\\"');
});
