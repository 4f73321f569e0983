// Chooses the Node that runs the server, in plain JavaScript without dependencies for Node 20 or newer.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';
import { modules, node } from './install.mjs';
import { outputOf, windows } from './run.mjs';

/**
 * Returns the Node to run the server with: the workspace's own, or a newer release of the same major version that this
 * machine has. The registry can be months behind with a security release (docs/known-advisories.json).
 */
export function chooseNode() {
  const { version } = JSON.parse(readFileSync(join(modules, 'node', 'package.json'), 'utf8'));
  const others = nodesOnPath(process.env.PATH).flatMap(describe);
  const newer = others.filter((other) => replaces(other.version, `v${version}`));
  if (newer.length === 0) return node;
  return newest(describe(node)[0] ?? { path: node, version: `v${version}` }, newer).path;
}

/**
 * Returns the newest of these that can replace the workspace's own: a later release of the same major version, for the
 * same processor, because the packages are installed for that.
 */
export function newest(own, others) {
  const fits = others.filter(({ arch }) => arch === own.arch);
  return fits.reduce((best, other) => (replaces(other.version, best.version) ? other : best), own);
}

/** Lists the programs named node on a PATH, except those that packages bring, each once. */
export function nodesOnPath(path = '') {
  const found = path
    .split(delimiter)
    .filter((folder) => folder !== '' && !folder.split(sep).includes('node_modules'))
    .map((folder) => join(folder, windows ? 'node.exe' : 'node'))
    .filter(existsSync);
  return [...new Map(found.map((program) => [realpathSync(program), program])).values()];
}

/** Asks a Node for its version and processor. Returns an empty list if it doesn't answer, or if it is a preview. */
function describe(path) {
  const answer = outputOf(path, ['-p', 'process.version + process.arch']);
  const [, version, arch] = /^(v\d+\.\d+\.\d+)([a-z]\w*)$/.exec(answer) ?? [];
  return version ? [{ path, version, arch }] : [];
}

/** Returns true if a version is a later release with the same major version. */
function replaces(version, old) {
  const [major, minor, patch] = partsOf(version);
  const [oldMajor, oldMinor, oldPatch] = partsOf(old);
  return major === oldMajor && (minor > oldMinor || (minor === oldMinor && patch > oldPatch));
}

const partsOf = (version) => version.slice(1).split('.').map(Number);
