// npm run package:server: makes the npm packages in dist/npm, as folders and as tarballs: swipenet, and one with ONNX
// Runtime for each platform.
import { execFileSync } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
// @ts-expect-error plain JavaScript has no types
import { npmWords } from '../launcher/run.mjs';
import { DIST } from './root.ts';
import { writeRuntimePackages } from './runtime-packages.ts';
import { writeServerPackage } from './server-package.ts';

process.removeAllListeners('warning'); // taking types out is experimental in Node

const into = join(DIST, 'npm');
await rm(into, { recursive: true, force: true });
const server = join(into, 'swipenet');
await mkdir(server, { recursive: true });
const runtimes = await writeRuntimePackages(into);
await writeServerPackage(server);

const [npm, ...first] = npmWords('npm') as [string, ...string[]];
for (const folder of [server, ...runtimes.map((one) => one.folder)]) {
  const packed = execFileSync(npm, [...first, 'pack', '--json', '--pack-destination', '..'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
  });
  const [{ filename, size, unpackedSize }] = JSON.parse(packed);
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  console.log(`${join(into, filename)}  ${megabytes(size)}, unpacked ${megabytes(unpackedSize)}`);
}
