// The launcher behind the root scripts. Plain JavaScript without a dependency: it runs under whatever Node (20 or newer)
// the machine has, installs the workspace, and hands over to the Node that the workspace brings.
//
//   node server/launcher.mjs start [ARGUMENT...]        builds the extension, says where it is, and starts the server
//   node server/launcher.mjs COMMAND [ARGUMENT...]      the swipenet command line (server/src/main.ts)
//   node server/launcher.mjs run SCRIPT [ARGUMENT...]   a script of the root package.json
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PNPM = 'pnpm@12.21.0';
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const windows = process.platform === 'win32';
const node = join(root, 'node_modules', '.bin', windows ? 'node.cmd' : 'node');

/** True when node_modules was made from the lockfile as it stands: pnpm keeps a copy of what it installed. */
function installed() {
  const copy = join(root, 'node_modules', '.pnpm', 'lock.yaml');
  if (!existsSync(copy) || !existsSync(node)) return false;
  return readFileSync(copy, 'utf8') === readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
}

/**
 * Runs a program to its end and gives its exit code. A terminal sends Ctrl-C to the whole group, so SIGINT is only
 * outlived here; SIGTERM reaches this process alone and is passed on.
 */
function run(program, parameters, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { shell: windows, ...options });
    const outlive = () => {};
    const passOn = (signal) => child.kill(signal);
    process.on('SIGINT', outlive).on('SIGTERM', passOn);
    child.once('error', reject).once('exit', (code, signal) => {
      process.off('SIGINT', outlive).off('SIGTERM', passOn);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}

if (process.env.CI || !installed()) {
  console.error('swipenet: installing (once, and after an update)');
  // Standard output belongs to the command (score --json prints nothing but JSON), so the installer writes to standard error.
  const code = await run('npx', ['-y', '-p', PNPM, 'pnpm', 'install', '--frozen-lockfile'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (code !== 0) {
    console.error('swipenet: the installation failed; its own words are above');
    process.exit(code);
  }
}

const [first, ...rest] = process.argv.slice(2);

/** Builds the extension; a server that is started for it says where it is before anything else. */
async function buildExtension() {
  // The builder's progress is nobody's business; its errors are on standard error.
  const code = await run('npm', ['run', '-s', 'build:extension'], { cwd: root, stdio: ['ignore', 'ignore', 2] });
  if (code !== 0) {
    console.error('swipenet: the extension could not be built; the builder’s own words are above');
    process.exit(code);
  }
  console.log(`The extension is in ${join(root, 'extension', '.output', 'chrome-mv3')}`);
  console.log('  Chromium loads it at chrome://extensions: Developer mode, Load unpacked');
}

if (first === 'start') await buildExtension();
const command = first === 'start' ? ['serve', ...rest] : process.argv.slice(2);
process.exitCode =
  first === 'run'
    ? await run('npm', ['run', '-s', rest[0], '--', ...rest.slice(1)], { cwd: root, stdio: 'inherit' })
    : await run(node, [join(root, 'server', 'src', 'main.ts'), ...command], {
        cwd: process.env.INIT_CWD ?? process.cwd(), // relative paths are the caller's
        stdio: 'inherit',
      });
