// Prints the SHA-256, the size and the path of each zip that `npm run package` makes. Plain JavaScript, so any Node runs it.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import packageFile from './package.json' with { type: 'json' };

const dist = fileURLToPath(new URL('../dist', import.meta.url));
for (const content of ['chrome', 'firefox', 'sources']) {
  const path = join(dist, `swipenet-${packageFile.version}-${content}.zip`);
  const bytes = await readFile(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  console.log(`${sha256}  ${(bytes.length / 1000).toFixed(1)} kB  ${path}`);
}
