import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { elfFile } from '../../../../test/support/elf-file.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { runTool } from '../../child/run-tool.ts';
import { CUDA_PROVIDER_LIBRARIES, NATIVE_FOLDER } from '../../runtime/providers.ts';
import { setupCuda } from './setup-cuda.ts';

const [CUDA, SHARED] = CUDA_PROVIDER_LIBRARIES;
const VERSION = '1.99.0';
const library = (version: string) => elfFile({ machine: 62, needed: ['libcudart.so.13'], soname: version });
const LIBRARY = library(VERSION);

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
      runTool,
      runtimeVersion: VERSION,
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
      'a library belongs to another version',
      writes(CUDA, library('1.29.0')) + writes(SHARED, LIBRARY),
      `${CUDA} is from ONNX Runtime 1.29.0, but onnxruntime-node is 1.99.0, and they must match`,
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
      runTool: (command, options) => {
        const end = runTool(command, options);
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
    const setting = set({ runTool: full });
    await expect(setting).rejects.toMatchObject({ code: 'cuda_setup_failed' });
    await expect(setting).rejects.toThrow('ENOSPC: no space left on device');
    expect(contents()).toEqual(before);
    expect(readdirSync(root)).toEqual(['onnxruntime-node']);
  });

  it('replaces libraries of another version', async () => {
    const { home, set } = installed(writes(CUDA, LIBRARY) + writes(SHARED, LIBRARY));
    writeFileSync(join(home, CUDA), library('1.29.0'));
    writeFileSync(join(home, SHARED), LIBRARY);
    expect(await set()).toMatchObject({ fetched: true, source: 'NuGet', verified: false });
    expect(readFileSync(join(home, CUDA))).toEqual(LIBRARY);
  });

  it('is refused if there is no CUDA provider for the platform', async () => {
    const { set } = installed('');
    await expect(set({ platform: 'darwin/arm64' })).rejects.toMatchObject({ code: 'cuda_unsupported' });
  });
});

describe('setting up CUDA without the network', () => {
  const offline = async () => {
    throw new Error('a program was run');
  };
  /** A folder as a package has it, with the libraries deep inside. */
  const folderWith = (libraries: Record<string, Uint8Array>) => {
    const root = temporaryFolder();
    const folder = join(root, 'Plugins', 'Linux', 'x64');
    mkdirSync(folder, { recursive: true });
    for (const [name, bytes] of Object.entries(libraries)) writeFileSync(join(folder, name), bytes);
    return { root, folder };
  };
  const good = { [CUDA]: LIBRARY, [SHARED]: LIBRARY };

  it('takes the libraries from a folder, at any depth, and leaves the folder as it is', async () => {
    const { home, set } = installed('');
    const { root, folder } = folderWith(good);
    expect(await set({ from: root, runTool: offline })).toMatchObject({ fetched: true, source: root });
    for (const name of CUDA_PROVIDER_LIBRARIES) expect(readFileSync(join(home, name))).toEqual(LIBRARY);
    expect(readdirSync(folder).toSorted()).toEqual([...CUDA_PROVIDER_LIBRARIES].toSorted());
  });

  it('takes them from beside a library, and replaces installed ones', async () => {
    const { home, set } = installed('');
    for (const name of CUDA_PROVIDER_LIBRARIES) writeFileSync(join(home, name), elfFile({ machine: 62 }));
    const { folder } = folderWith(good);
    await set({ from: join(folder, CUDA), runTool: offline });
    expect(readFileSync(join(home, CUDA))).toEqual(LIBRARY);
  });

  it('takes them from an npm package', async () => {
    const { home, set } = installed('');
    const { root } = folderWith(good);
    const file = join(temporaryFolder(), 'package.tgz');
    spawnSync('tar', ['-czf', file, '-C', root, '.']);
    await set({ from: file });
    expect(readFileSync(join(home, SHARED))).toEqual(LIBRARY);
  });

  it.each<[string, (root: string) => string, string]>([
    ['doesn’t exist', (root) => join(root, 'missing'), 'missing doesn’t exist or can’t be read'],
    ['has no provider', (root) => join(root, 'empty'), `empty has no ${CUDA}`],
    ['is a NuGet package', (root) => join(root, 'gpu.nupkg'), 'a .nupkg is a ZIP file: unzip it and pass its folder'],
    ['has half of it', (root) => join(root, 'half'), `${SHARED} is missing`],
  ])('changes nothing if the path %s', async (_, pathIn, words) => {
    const root = temporaryFolder();
    for (const folder of ['empty', 'half']) mkdirSync(join(root, folder));
    writeFileSync(join(root, 'gpu.nupkg'), 'PK');
    writeFileSync(join(root, 'half', CUDA), LIBRARY);
    const { contents, set } = installed('');
    const before = contents();
    const setting = set({ from: pathIn(root), runTool: offline });
    await expect(setting).rejects.toMatchObject({ code: 'cuda_setup_failed' });
    await expect(setting).rejects.toThrow(words);
    expect(contents()).toEqual(before);
  });
});

describe('setting up CUDA for a version that is known', () => {
  it('downloads its npm package, and refuses libraries with other hashes', async () => {
    const { contents, set } = installed('');
    const before = contents();
    const commands: string[][] = [];
    const setting = set({
      runtimeVersion: '1.29.0',
      runTool: async (command, { folder }) => {
        commands.push([...command].slice(0, 2), [command.at(-1)!]);
        if (command[0] === 'npm') writeFileSync(join(folder, 'gpu.tgz'), '');
        else {
          for (const name of CUDA_PROVIDER_LIBRARIES) writeFileSync(join(folder, 'unpacked', name), library('1.29.0'));
        }
        return { code: 0, stderr: '' };
      },
    });
    await expect(setting).rejects.toThrow(/has the SHA-256 [0-9a-f]{64}, expected 56cf3254b118ad83/);
    expect(commands.slice(0, 2)).toEqual([['npm', 'pack'], ['com.github.asus4.onnxruntime.linux-x64-gpu@0.4.9']]);
    expect(contents()).toEqual(before);
  });
});
