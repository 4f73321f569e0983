import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import type { RunProgram } from '../../child/run-program.ts';
import { CommandError } from '../../command-error.ts';
import { writeWhole } from '../../files/write-whole.ts';
import { launchd } from './launchd.ts';
import type { ServiceManager, Surroundings, Words } from './service-manager.ts';
import { systemd } from './systemd.ts';
import { taskScheduler } from './task-scheduler.ts';

/** What starts services on each system. */
const MANAGERS: Readonly<Record<string, (surroundings: Surroundings) => ServiceManager>> = {
  linux: systemd,
  darwin: launchd,
  win32: taskScheduler,
};

/** Returns what starts services on this system. Throws CommandError `service_failed` if there is nothing. */
export function serviceManager(platform: string, surroundings: Surroundings): ServiceManager {
  const manager = MANAGERS[platform]?.(surroundings);
  if (!manager) throw new CommandError('service_failed', `services on ${platform} are not supported`);
  return manager;
}

/**
 * Has the system start a server with this command from now on. Installing again replaces the service.
 *
 * @param command the program and its arguments, with absolute paths.
 * @throws CommandError `service_failed`. No service is left then.
 */
export async function installService(manager: ServiceManager, command: Words, run: RunProgram): Promise<void> {
  const temporary = command.find((word) => word.split(sep).includes('_npx'));
  if (temporary !== undefined) {
    throw new CommandError('service_failed', 'npx may delete what it runs; install with npm install -g swipenet first');
  }
  if (existsSync(manager.file)) await removeService(manager, run);
  try {
    await mkdir(dirname(manager.file), { recursive: true });
    await writeWhole(manager.file, manager.describe(command), { mode: 0o600 });
  } catch (cause) {
    throw new CommandError('service_failed', `can’t write ${manager.file} (${systemCodeOf(cause)})`, { cause });
  }
  try {
    await runAll(manager.start, run);
  } catch (error) {
    await removeService(manager, run).catch(() => {}); // the first reason counts
    await rm(manager.file, { force: true });
    throw error;
  }
}

/**
 * Stops the server and removes the service, even one that the system has forgotten.
 *
 * @returns false if there was none.
 * @throws CommandError `service_failed` if it is still running. The service stays then.
 */
export async function removeService(manager: ServiceManager, run: RunProgram): Promise<boolean> {
  if (!existsSync(manager.file)) return false;
  try {
    await runAll(manager.stop, run);
  } catch (error) {
    if ((await serviceStatus(manager, run)).running) throw error;
  }
  await rm(manager.file, { force: true });
  await runAll(manager.forget ?? [], run);
  return true;
}

/** Says whether the service is installed and running. */
export async function serviceStatus(
  manager: ServiceManager,
  run: RunProgram,
): Promise<{ readonly installed: boolean; readonly running: boolean }> {
  if (!existsSync(manager.file)) return { installed: false, running: false };
  const [program, ...parameters] = manager.query;
  const answer = await run(program, parameters);
  return { installed: true, running: answer !== undefined && manager.isRunning(answer) };
}

async function runAll(commands: readonly Words[], run: RunProgram): Promise<void> {
  for (const command of commands) {
    const [program, ...parameters] = command;
    const end = await run(program, parameters);
    if (!end) throw new CommandError('service_failed', `${program} is not installed`);
    if (end.code === 0) continue;
    const reason = end.stderr.trim().split('\n')[0] || `exit code ${end.code}`;
    throw new CommandError('service_failed', `${command.slice(0, 3).join(' ')} failed: ${reason}`);
  }
}
