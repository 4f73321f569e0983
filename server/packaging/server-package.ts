import { cp, glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { toJavaScript } from './javascript.ts';
import { bundledLicenses } from './licenses.ts';
import { DIST, jsonFile, ROOT, readPackageJson } from './root.ts';
import { runtimeDependencies } from './runtime-packages.ts';

/** What of the repository is in the package as it is. */
const COPIED = ['LICENSE', 'README.md', 'CHANGELOG.md', 'server/models'];

/** What has to be built before. */
const BUILT = ['studio', 'extension-chrome', 'extension-firefox'];

/** What `runtime/session.ts` takes from a package for this platform instead. */
const RUNTIME = 'onnxruntime-node';

/**
 * Writes the package `swipenet`: the repository's tree with JavaScript in place of TypeScript, and with the builds of the
 * studio and the extension. Programs find each other, the models and the builds as they do in the repository.
 */
export async function writeServerPackage(folder: string): Promise<void> {
  for (const path of COPIED) await cp(join(ROOT, path), join(folder, path), { recursive: true });
  for (const name of BUILT) await cp(join(DIST, name), join(folder, 'dist', name), { recursive: true });
  for await (const path of glob('docs/*.md', { cwd: ROOT })) await cp(join(ROOT, path), join(folder, path));
  await writeFile(join(folder, 'LICENSES-OF-BUNDLED-PACKAGES.md'), await bundledLicenses());
  await mkdir(join(folder, 'bin'));
  await cp(join(ROOT, 'server', 'packaging', 'swipenet.js'), join(folder, 'bin', 'swipenet.js'));

  const needed = await writeSources(folder);
  const { name, version, description, license } = await readPackageJson(ROOT);
  const server = await readPackageJson(join(ROOT, 'server'));
  const dependencies = [...needed].toSorted().map((dependency) => {
    const pinned = server.dependencies?.[dependency];
    if (pinned === undefined)
      throw new Error(`${dependency} is imported and isn’t a dependency of server/package.json`);
    return [dependency, pinned] as const;
  });
  const inside = { name: server.name, version, private: true, type: 'module' };
  await writeFile(join(folder, 'server', 'package.json'), jsonFile(inside));
  await writeFile(
    join(folder, 'package.json'),
    jsonFile({
      name,
      version,
      description,
      license,
      type: 'module',
      bin: { swipenet: 'bin/swipenet.js' },
      engines: { node: '>=24' }, // Node 22 lacks Float16Array
      dependencies: Object.fromEntries(dependencies),
      optionalDependencies: runtimeDependencies,
    }),
  );
}

/** Writes the sources of the server and of what it shares, and returns the packages that they need. */
async function writeSources(folder: string): Promise<ReadonlySet<string>> {
  const packages = new Set<string>();
  const written = new Set<string>();
  const named: { readonly by: string; readonly file: string }[] = [];
  for await (const entry of glob('{server,shared}/src/**/*.*', { cwd: ROOT, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(ROOT.length).split(sep).join('/');
    if (!entry.isFile() || /\.test\.ts$/.test(path)) continue;
    await mkdir(join(folder, dirname(path)), { recursive: true });
    if (!path.endsWith('.ts')) {
      await cp(join(ROOT, path), join(folder, path));
      continue;
    }
    const script = toJavaScript(path, await readFile(join(ROOT, path), 'utf8'));
    await writeFile(join(folder, script.path), script.code);
    written.add(script.path);
    named.push(...script.files.map((file) => ({ by: path, file })));
    for (const name of script.packages) if (name !== RUNTIME) packages.add(name);
  }
  const missing = named.filter(({ file }) => !written.has(file));
  if (missing.length > 0)
    throw new Error(missing.map(({ by, file }) => `${by} names ${file}, which is not there`).join('\n'));
  return packages;
}
