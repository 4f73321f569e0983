import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RECORDED_LIBRARIES } from '../src/doctor/recorded-libraries.ts';
import { sha256 } from '../src/files/sha256.ts';
import { runtimePackage } from '../src/runtime/providers.ts';
import { jsonFile, readPackageJson } from './root.ts';

/** A package with ONNX Runtime for one platform. */
export interface RuntimePackage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}

/** The platform with a CUDA provider, which the installer of onnxruntime-node fetches for `swipenet setup cuda`. */
const CUDA_PLATFORM = 'linux/x64';

const installed = runtimePackage();

/** Platforms by the names of the packages for them. */
const platforms = Object.keys(RECORDED_LIBRARIES).map((platform) => {
  const [system, processor] = platform.split('/') as [string, string];
  return { platform, system, processor, name: `@swipenet/onnxruntime-${system}-${processor}` };
});

/** What the package `swipenet` depends on: the package for its own platform, which npm chooses. */
export const runtimeDependencies = Object.fromEntries(platforms.map(({ name }) => [name, installed.version]));

/**
 * Writes a package for each platform: onnxruntime-node without the libraries of other platforms, without those that the
 * CPU doesn't need, and without the script that downloads more while it is installed. npm installs only what fits.
 */
export async function writeRuntimePackages(into: string): Promise<readonly RuntimePackage[]> {
  const original = await readPackageJson(installed.folder);
  const packages: RuntimePackage[] = [];
  for (const { platform, system, processor, name } of platforms) {
    const folder = join(into, `onnxruntime-${system}-${processor}`);
    const hasCuda = platform === CUDA_PLATFORM;
    const libraries = join('bin', 'napi-v6', system, processor);
    await mkdir(join(folder, libraries), { recursive: true });
    for (const [file, recorded] of Object.entries(RECORDED_LIBRARIES[platform]!)) {
      await copyLibrary(join(installed.folder, libraries, file), join(folder, libraries, file), recorded);
    }
    const copied = ['dist', ...(hasCuda ? ['script'] : [])];
    const filter = (path: string) => !/\.(map|ts)$/.test(path);
    for (const part of copied) await cp(join(installed.folder, part), join(folder, part), { recursive: true, filter });
    // onnxruntime-node has no text of its license. These are from Python's package of the same version.
    const licenses = new URL(`onnxruntime-${installed.version}/`, import.meta.url);
    for (const file of ['LICENSE', 'ThirdPartyNotices.txt']) await cp(new URL(file, licenses), join(folder, file));
    const { 'onnxruntime-common': common, ...forInstaller } = original.dependencies!;
    const description = `${original.description} for ${system} on ${processor}, without an install script, for swipenet`;
    await writeFile(
      join(folder, 'package.json'),
      jsonFile({
        name,
        version: installed.version,
        description,
        license: original.license,
        os: [system],
        cpu: [processor],
        ...(system === 'linux' && { libc: ['glibc'] }),
        main: 'dist/index.js',
        dependencies: { 'onnxruntime-common': common, ...(hasCuda && forInstaller) },
      }),
    );
    await writeFile(join(folder, 'README.md'), `# ${name}\n\n${description}.\n`);
    packages.push({ name, version: installed.version, folder });
  }
  return packages;
}

async function copyLibrary(from: string, to: string, recorded: string): Promise<void> {
  const bytes = await readFile(from).catch((cause: unknown) => {
    throw new Error(`${from} is missing; delete node_modules and run npm run install:all`, { cause });
  });
  if (sha256(bytes) !== recorded) throw new Error(`${from} isn’t the library that server/src/doctor records`);
  await writeFile(to, bytes);
}
