import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { elfFile, type WrittenElf } from '../../../test/support/elf-file.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { runProgram } from '../child/run-program.ts';
import { readElfFile } from './elf.ts';
import { findLibrary, libraryPlaces, missingLibraries } from './library-search.ts';

/** Writes fake libraries, given as `folder/name` and what they need, into a folder. */
function libraries(written: Record<string, WrittenElf>) {
  const root = temporaryFolder();
  for (const [name, elf] of Object.entries(written)) {
    const path = join(root, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, elfFile(elf));
  }
  return root;
}

const nowhere = { environment: [], cache: new Map<string, string[]>(), standard: [] };

describe('libraries that the loader can’t find', () => {
  it('are listed once, at any depth, with the library that needs them', async () => {
    const root = libraries({
      'cuda.so': { needed: ['libcublas.so.13', 'libcudart.so.13'], runpath: '$ORIGIN' },
      'libcublas.so.13': { needed: ['libcublasLt.so.13', 'libcudart.so.13'], runpath: `\${ORIGIN}/deep` },
      'deep/libcublasLt.so.13': { needed: ['libcuda.so.1', 'libcublas.so.13'] },
    });
    expect(await missingLibraries(join(root, 'cuda.so'), nowhere)).toEqual([
      { name: 'libcudart.so.13', neededBy: join(root, 'cuda.so') },
      { name: 'libcuda.so.1', neededBy: join(root, 'deep/libcublasLt.so.13') },
    ]);
  });

  it('are searched for in every place that the loader searches, in its order', async () => {
    const root = libraries({
      'by-rpath': { needed: ['liba.so'], rpath: '$ORIGIN/rpath' },
      'by-runpath': { needed: ['liba.so'], rpath: '$ORIGIN/rpath', runpath: '$ORIGIN/runpath' },
      ...Object.fromEntries(
        ['rpath', 'environment', 'runpath', 'cache', 'standard'].map((folder) => [`${folder}/liba.so`, {}]),
      ),
    });
    const all = {
      environment: [join(root, 'environment')],
      cache: new Map([['liba.so', [join(root, 'cache', 'liba.so')]]]),
      standard: [join(root, 'standard')],
    };
    const found = async (name: string, places: typeof all) => {
      const path = join(root, name);
      return (await findLibrary('liba.so', { path, elf: await readElfFile(path) }, places))?.path;
    };
    expect(await found('by-rpath', all)).toBe(join(root, 'rpath', 'liba.so'));
    expect(await found('by-runpath', all)).toBe(join(root, 'environment', 'liba.so'));
    expect(await found('by-runpath', { ...all, environment: [] })).toBe(join(root, 'runpath', 'liba.so'));
    const plain = join(root, 'rpath', 'liba.so');
    const from = { path: plain, elf: await readElfFile(plain) };
    expect((await findLibrary('liba.so', from, { ...all, environment: [] }))?.path).toBe(join(root, 'cache/liba.so'));
    const last = { ...all, environment: [], cache: new Map() };
    expect((await findLibrary('liba.so', from, last))?.path).toBe(join(root, 'standard/liba.so'));
  });

  it('include files for another processor, and files that are not libraries', async () => {
    const root = libraries({
      'cuda.so': { machine: 62, needed: ['liba.so', 'libb.so'], runpath: '$ORIGIN' },
      'liba.so': { machine: 183 },
    });
    writeFileSync(join(root, 'libb.so'), 'INPUT(-lb)');
    const missing = await missingLibraries(join(root, 'cuda.so'), nowhere);
    expect(missing.map(({ name }) => name)).toEqual(['liba.so', 'libb.so']);
  });

  it('are searched for in LD_LIBRARY_PATH and the ldconfig cache, even if ldconfig isn’t on the PATH', async () => {
    const listing = '2 libs found in cache\n\tliba.so.1 (libc6,x86-64) => /opt/a/liba.so.1\n\tlibb.so (libc6) => /b\n';
    const programs: string[] = [];
    const places = await libraryPlaces({ LD_LIBRARY_PATH: '/x::/y' }, async (program) => {
      programs.push(program);
      return program.startsWith('/sbin/') ? { code: 0, stdout: listing, stderr: '' } : undefined;
    });
    expect(programs).toEqual(['ldconfig', '/sbin/ldconfig']);
    expect(places.environment).toEqual(['/x', '/y']);
    expect([...places.cache]).toEqual([
      ['liba.so.1', ['/opt/a/liba.so.1']],
      ['libb.so', ['/b']],
    ]);
  });

  it.skipIf(process.platform !== 'linux')('don’t exist for the running Node executable', async () => {
    const places = await libraryPlaces({}, runProgram);
    expect(await missingLibraries(process.execPath, places)).toEqual([]);
  });
});
