// Runs other programs for the launcher.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const windows = process.platform === 'win32';

/**
 * Returns the words that start npm or npx. On Windows they are command scripts. Only the shell could run those, and it
 * would split paths at spaces and take `&`, `%` and `^` in them for its own. So their JavaScript is started instead: that of
 * the npm that runs this, or the one beside this Node.
 */
export function npmWords(name, { platform, node, npm, exists } = thisMachine) {
  if (platform !== 'win32') return [name];
  const folders = [...(npm ? [dirname(npm)] : []), join(dirname(node), 'node_modules', 'npm', 'bin')];
  const script = folders.map((folder) => join(folder, `${name}-cli.js`)).find(exists);
  if (!script) throw new Error(`npm isn't beside ${node}; install Node with npm, or use npm to run this`);
  return [node, script];
}

const thisMachine = {
  platform: process.platform,
  node: process.execPath,
  npm: process.env.npm_execpath,
  exists: existsSync,
};

/** Runs npm or npx as {@link run} does. */
export function runNpm(name, parameters, options) {
  const [program, ...first] = npmWords(name);
  return run(program, [...first, ...parameters], options);
}

/**
 * Runs a program and returns its exit code. On Ctrl-C the terminal sends SIGINT to the whole process group, so the
 * launcher only has to outlive the program. SIGTERM reaches the launcher alone, so it forwards the signal.
 */
export function run(program, parameters, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, options);
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
  spawnSync(program, parameters, { encoding: 'utf8' }).stdout?.trim() ?? '';
