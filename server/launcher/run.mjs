// Runs other programs for the launcher.
import { spawn, spawnSync } from 'node:child_process';

export const windows = process.platform === 'win32';

// On Windows npm, npx and node_modules/.bin hold command scripts, which only the shell runs, and it splits at spaces.
const word = (text) => (windows && /[^\w.:\\/@=-]/.test(text) ? `"${text}"` : text);

/**
 * Runs a program to its end and returns its exit code. A terminal sends Ctrl-C to the whole group, so SIGINT is only
 * outlived here; SIGTERM reaches this process alone and is passed on.
 */
export function run(program, parameters, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(word(program), parameters.map(word), { shell: windows, ...options });
    const outlive = () => {};
    const passOn = (signal) => child.kill(signal);
    process.on('SIGINT', outlive).on('SIGTERM', passOn);
    child.once('error', reject).once('exit', (code, signal) => {
      process.off('SIGINT', outlive).off('SIGTERM', passOn);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}

/** Runs a short program and returns what it printed; an empty string if it didn't start. */
export const outputOf = (program, parameters) =>
  spawnSync(word(program), parameters.map(word), { encoding: 'utf8', shell: windows }).stdout?.trim() ?? '';
