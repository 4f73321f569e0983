import { glob, readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { packageOf, toJavaScript } from './javascript.ts';
import { type PackageJson, ROOT, readPackageJson } from './root.ts';

/** What the bundler puts into the extension and the studio, and where its packages are installed. */
const BUNDLED = [
  { sources: 'extension/src/**/*.ts', folder: 'extension' },
  { sources: 'server/studio/src/**/*.{ts,tsx}', folder: 'server' },
];

/** Only a few of its lines are bundled. What it depends on builds the extension. */
const BUILD_TOOL = 'wxt';

/** Returns a document with the licenses of all packages whose code is in the builds of the extension and the studio. */
export async function bundledLicenses(): Promise<string> {
  const folders = new Map<string, string>();
  for (const { sources, folder } of BUNDLED) {
    for (const name of await importedBy(sources)) await collect(name, join(ROOT, folder), folders);
  }
  const texts = await Promise.all(
    [...folders].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, folder]) => licenseOf(folder)),
  );
  return `# Licenses\n\nThe builds of the extension and the studio contain code of these packages.\n\n${texts.join('\n')}`;
}

async function importedBy(sources: string): Promise<ReadonlySet<string>> {
  const packages = new Set<string>();
  for await (const path of glob(sources, { cwd: ROOT })) {
    if (/\.test\.tsx?$/.test(path)) continue;
    const text = await readFile(join(ROOT, path), 'utf8');
    for (const name of bareImports(path, text)) packages.add(name);
  }
  return packages;
}

/** Lists the packages that a file imports. Node can't strip types from TSX, so there it skips imports marked `type`. */
function bareImports(path: string, text: string): readonly string[] {
  if (!path.endsWith('.tsx')) return toJavaScript(path, text).packages.filter((name) => name !== '@swipenet/shared');
  const values = [...text.matchAll(/^(?:import(?! type)[^'\n]*|\} from) '([^'.][^'\n]*)'/gm)];
  return values.map(([, name]) => packageOf(name!)).filter((name) => name !== '@swipenet/shared');
}

/** Adds a package and what it depends on, as a package in `from` finds them. */
async function collect(name: string, from: string, folders: Map<string, string>): Promise<void> {
  if (folders.has(name)) return;
  const folder = findPackage(name, from);
  folders.set(name, folder);
  if (name === BUILD_TOOL) return;
  const { dependencies = {} } = await readPackageJson(folder);
  for (const other of Object.keys(dependencies)) await collect(other, folder, folders);
}

/** Returns the folder of a package. Its `exports` may hide its package.json. */
export function findPackage(name: string, from: string): string {
  const require = createRequire(join(from, 'package.json'));
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    const entry = require.resolve(name);
    return entry.slice(0, entry.lastIndexOf(join('node_modules', name)) + join('node_modules', name).length);
  }
}

async function licenseOf(folder: string): Promise<string> {
  const { name, version, license }: PackageJson = await readPackageJson(folder);
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file
    ? await readFile(join(folder, file), 'utf8')
    : `The package has no text of its license, ${license}.`;
  return `## ${name} ${version} (${license})\n\n${text.trim()}\n`;
}
