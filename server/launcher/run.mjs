// Runs other programs for the launcher.
import { spawn, spawnSync } from 'node:child_process';

export const windows = process.platform === 'win32';

// On Windows npm, npx and the programs in node_modules/.bin are command scripts. Only the shell can run them, and it
// splits arguments at spaces.
const word = (text) => (windows && /[^\w.:\\/@=-]/.test(text) ? `"${text}"` : text);

/**
 * Runs a program and returns its exit code. On Ctrl-C the terminal sends SIGINT to the whole process group, so the
 * launcher only has to outlive the program. SIGTERM reaches the launcher alone, so it forwards the signal.
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

/** Runs a short program and returns its output, or an empty string if it didn't start. */
export const outputOf = (program, parameters) =>
  spawnSync(word(program), parameters.map(word), { encoding: 'utf8', shell: windows }).stdout?.trim() ?? '';
