// Renders the icon in every size from its SVG: `pnpm --filter @swipenet/extension icons`. The results are committed, so the
// build doesn't need to render anything.
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const drawing = fileURLToPath(new URL('swipenet.svg', import.meta.url));
for (const size of [16, 32, 48, 128]) {
  const file = fileURLToPath(new URL(`../public/icon/${size}.png`, import.meta.url));
  await sharp(drawing, { density: 288 }).resize(size, size).png({ compressionLevel: 9 }).toFile(file);
}
