import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { elfFile } from '../../../test/support/elf-file.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { runInstaller } from '../child/run-installer.ts';
import { CUDA_PROVIDER_LIBRARIES, NATIVE_FOLDER } from '../runtime/providers.ts';
import { setupCuda } from './setup-cuda.ts';

const [CUDA, SHARED] = CUDA_PROVIDER_LIBRARIES;
const LIBRARY = elfFile({ machine: 62, needed: ['libcudart.so.13'] });

/** The start of a fake installer, which writes to the same places as onnxruntime-node's installer. */
const BEGIN = `
const fs = require('node:fs'), os = require('node:os'), path = require('node:path');
const folder = path.join(__dirname, '..', ${JSON.stringify(NATIVE_FOLDER)});
const write = (name, base64) => {
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(os.tmpdir(), 'package.nupkg'), 'half a download');
  fs.writeFileSync(path.join(folder, name), Buffer.from(base64, 'base64'));
};
`;
const writes = (name: string, bytes: Uint8Array) => `write('${name}', '${Buffer.from(bytes).toString('base64')}');\n`;

/** Creates an installed onnxruntime-node with this installer. */
function installed(script: string) {
  const root = temporaryFolder();
  const packageFolder = join(root, 'onnxruntime-node');
  const home = join(packageFolder, NATIVE_FOLDER);
  for (const folder of [join(packageFolder, 'script'), home]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(packageFolder, 'package.json'), '{}');
  writeFileSync(join(packageFolder, 'script', 'install.js'), BEGIN + script);
  writeFileSync(join(home, 'libonnxruntime.so.1'), 'its own');
  const contents = () =>
    Object.fromEntries(
      readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => [path, readFileSync(path, 'base64')]),
    );
  const set = (options: Partial<Parameters<typeof setupCuda>[0]> = {}) =>
    setupCuda({
      packageFolder,
      platform: 'linux/x64',
      environment: process.env,
      runInstaller,
      signal: new AbortController().signal,
      ...options,
    });
  return { root, home, contents, set };
}

describe('setting up CUDA', () => {
  it('adds the libraries that the package’s installer downloads, and nothing else', async () => {
    const script = `if (process.env.ONNXRUNTIME_NODE_INSTALL !== 'true') throw new Error('nothing to install');\n`;
    const tensorRt = writes('libonnxruntime_providers_tensorrt.so', LIBRARY);
    const { root, home, contents, set } = installed(
      script + writes(CUDA, LIBRARY) + writes(SHARED, LIBRARY) + tensorRt,
    );
    const before = contents();
    const { fetched, files } = await set();
    expect(fetched).toBe(true);
    expect(files.map(({ name, bytes }) => [name, bytes])).toEqual([CUDA, SHARED].map((name) => [name, LIBRARY.length]));
    const library = LIBRARY.toString('base64');
    expect(contents()).toEqual({ ...before, [join(home, CUDA)]: library, [join(home, SHARED)]: library });
    expect(readdirSync(root)).toEqual(['onnxruntime-node']);
  });

  it('downloads nothing if the libraries are already installed', async () => {
    const { home, set } = installed('process.exit(1)');
    for (const name of CUDA_PROVIDER_LIBRARIES) writeFileSync(join(home, name), LIBRARY);
    expect(await set()).toMatchObject({ fetched: false, files: [{ name: CUDA }, { name: SHARED }] });
  });

  it.each([
    [
      'a host is unreachable, even halfway through',
      `${writes(CUDA, LIBRARY)}Promise.reject(new Error('getaddrinfo ENOTFOUND api.nuget.org'));`,
      'can’t reach api.nuget.org (ENOTFOUND); nothing was changed',
    ],
    [
      'the server refuses',
      `throw new Error('Failed to download from https://x. HTTP status code = 403');`,
      'installer failed: Error: Failed to download from https://x. HTTP status code = 403; nothing was changed',
    ],
    ['a library is missing', writes(CUDA, LIBRARY), `the download is unusable: ${SHARED} is missing`],
    [
      'a library is a web page',
      writes(CUDA, Buffer.from('<html>sign in</html>'.padEnd(99))) + writes(SHARED, LIBRARY),
      `${CUDA}: it is not an ELF file`,
    ],
    [
      'a library is for another processor',
      writes(CUDA, elfFile({ machine: 183 })),
      `${CUDA} is for a different processor`,
    ],
  ])('changes nothing if %s', async (_, script, words) => {
    const { root, contents, set } = installed(script);
    const before = contents();
    const setting = set();
    await expect(setting).rejects.toMatchObject({ code: 'cuda_setup_failed' });
    await expect(setting).rejects.toThrow(words);
    expect(contents()).toEqual(before);
    expect(readdirSync(root)).toEqual(['onnxruntime-node']);
  });

  it('changes nothing if it is interrupted', async () => {
    const { root, contents, set } = installed(`${writes(CUDA, LIBRARY)}setInterval(() => {}, 1000);`);
    const before = contents();
    const interrupt = new AbortController();
    const setting = set({
      signal: interrupt.signal,
      runInstaller: (script, options) => {
        const end = runInstaller(script, options);
        interrupt.abort();
        return end;
      },
    });
    await expect(setting).rejects.toThrow('interrupted; nothing was changed');
    expect(contents()).toEqual(before);
    expect(readdirSync(root)).toEqual(['onnxruntime-node']);
  });

  it('reports the system’s error', async () => {
    const { root, contents, set } = installed('');
    const before = contents();
    const full = async () => {
      throw new Error('ENOSPC: no space left on device, write');
    };
    const setting = set({ runInstaller: full });
    await expect(setting).rejects.toMatchObject({ code: 'cuda_setup_failed' });
    await expect(setting).rejects.toThrow('ENOSPC: no space left on device');
    expect(contents()).toEqual(before);
    expect(readdirSync(root)).toEqual(['onnxruntime-node']);
  });

  it('is refused if there is no CUDA provider for the platform', async () => {
    const { set } = installed('');
    await expect(set({ platform: 'darwin/arm64' })).rejects.toMatchObject({ code: 'cuda_unsupported' });
  });
});
