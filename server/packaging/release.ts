// npm run release: makes everything of a release in dist/release, with its SHA-256 sums. The same commit gives the same
// bytes.
import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../src/files/sha256.ts';
import { DIST, ROOT, readPackageJson } from './root.ts';

const git = (...words: string[]) => execFileSync('git', words, { cwd: ROOT, encoding: 'utf8' }).trim();

if (git('status', '--porcelain') !== '') {
  console.error('swipenet: commit your changes first; a release is made of a commit');
  process.exit(2);
}
const { name, version } = await readPackageJson(ROOT);
const into = join(DIST, 'release');
await rm(into, { recursive: true, force: true });
await mkdir(into, { recursive: true });

const isOf = (file: string, end: string) => file.startsWith(`${name}-`) && file.endsWith(end);
for (const file of await readdir(join(DIST, 'npm'))) {
  if (isOf(file, '.tgz')) await cp(join(DIST, 'npm', file), join(into, file));
}
for (const file of await readdir(DIST)) {
  if (isOf(file, '.zip') && file.includes(`-${version}-`))
    await cp(join(DIST, file), join(into, `${name}-extension${file.slice(name.length)}`));
}
// -n: gzip writes no time. git itself takes the commit's time for all files.
const archive = ['archive', '--format=tar', `--prefix=${name}-${version}/`, 'HEAD'];
const tar = execFileSync('git', archive, { cwd: ROOT, maxBuffer: 1 << 30 });
await writeFile(
  join(into, `${name}-${version}-source.tar.gz`),
  execFileSync('gzip', ['-n9'], { input: tar, maxBuffer: 1 << 30 }),
);

const files = (await readdir(into)).toSorted();
const sums = await Promise.all(files.map(async (file) => `${sha256(await readFile(join(into, file)))}  ${file}\n`));
await writeFile(join(into, 'SHA256SUMS'), sums.join(''));
console.log(`${into}, made of ${git('rev-parse', 'HEAD')}:\n${sums.join('')}`.trimEnd());
