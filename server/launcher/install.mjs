// Installs the workspace for the launcher, in plain JavaScript without dependencies for Node 20 or newer.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { outputOf, runNpm, windows } from './run.mjs';

const PNPM = 'pnpm@12.21.0';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const modules = join(root, 'node_modules');

/** The Node that the workspace brings. On Windows, the one in `.bin` would be a command script. */
export const node = windows ? join(modules, 'node', 'bin', 'node.exe') : join(modules, '.bin', 'node');

/** pnpm's own copy of the lockfile, without the packages that it left out. */
const pnpmCopy = join(modules, '.pnpm', 'lock.yaml');

/** What pnpm recorded about its last installation. */
const pnpmState = join(modules, '.modules.yaml');

/** Written after a lean installation: the hash of the lockfile that it was made from. */
const stamp = join(modules, '.swipenet-lean');

const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
const lockfile = () => read(join(root, 'pnpm-lock.yaml'));
const lockfileHash = () => createHash('sha256').update(lockfile()).digest('hex');

/** Returns true if every package of the lockfile is installed, no matter who ran pnpm. */
export const hasEverything = () => existsSync(node) && read(pnpmCopy) === lockfile();

/** Returns true if everything is installed that serving and building the extension need. */
const hasEnough = () => hasEverything() || (existsSync(node) && read(stamp) === lockfileHash());

/**
 * Returns true if test tooling is installed. It stays after an update too, so that no command removes what another
 * needs.
 */
const hadEverything = () => /"?devDependencies"?: true/.test(read(pnpmState));

/**
 * Installs what is missing. Without `everything`, that is only what serving and building the extension need. Test
 * tooling and the runtimes of other platforms are left out. Returns pnpm's exit code.
 */
export async function install({ everything }) {
  // CI always runs pnpm, which checks that lockfile and manifests agree.
  if (!process.env.CI && (everything ? hasEverything() : hasEnough())) return 0;
  const lean = !everything && !hadEverything();
  console.error(
    `swipenet: installing ${lean ? 'what it needs to run' : 'everything'} (only on the first run and after updates)`,
  );
  rmSync(stamp, { force: true });
  const options = ['install', '--frozen-lockfile', ...(lean ? ['--prod'] : [])];
  // Standard output belongs to the command: score --json prints only JSON. So pnpm writes to standard error.
  const code = await runNpm('npx', ['-y', '-p', PNPM, 'pnpm', ...options], { cwd: root, stdio: ['ignore', 2, 2] });
  if (code !== 0) return code;
  for (const path of [...nodeHeaders(), ...(lean ? foreignRuntimes() : [])]) remove(path);
  if (lean) writeFileSync(stamp, lockfileHash());
  return 0;
}

// The two functions below list links and copies in node_modules. pnpm's store keeps the files, and pnpm doesn't need
// these.

/** The headers and manual pages that come with the first download of Node: 67 MB. */
function nodeHeaders() {
  const nested = join(realpathSync(join(modules, 'node')), 'node_modules');
  const packages = existsSync(nested) ? readdirSync(nested).filter((name) => name.startsWith('node-')) : [];
  return packages.flatMap((name) => ['include', 'share'].map((part) => join(nested, name, part)));
}

/** The folders of onnxruntime-node for other platforms. One npm package carries the libraries of all five: 288 MB. */
function foreignRuntimes() {
  const bin = join(realpathSync(join(root, 'server', 'node_modules', 'onnxruntime-node')), 'bin');
  // This process's own architecture would be wrong: the Node that runs the server may differ, for example with Rosetta.
  const processor = outputOf(node, ['-p', 'process.arch']);
  const foldersIn = (folder) => readdirSync(folder).map((name) => join(folder, name));
  return foldersIn(bin).flatMap((api) => {
    const own = join(api, process.platform, processor);
    if (!existsSync(join(own, 'onnxruntime_binding.node'))) return []; // an unknown layout
    return foldersIn(api).flatMap((platform) => foldersIn(platform).filter((folder) => folder !== own));
  });
}

function remove(path) {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    console.error(`swipenet: ${path} isn't needed, but can't be removed (${error.code})`);
  }
}
