import sharp from 'sharp';

// libvips sniffs what bytes are and picks a decoder itself, whatever our own check of their type says. Bytes come from
// strangers, so only the decoders of the four photo types exist in this process: SVG, GIF, TIFF, libvips's own files
// and everything that a later libvips adds stay blocked. So do all files: bytes are read by us. sharp accepts unknown
// names without a word; `sharp.test.ts` checks what the names do.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadHeifBuffer', // AVIF: libheif is built with no other decoder
  ],
});

// Photos are decoded in parallel, one thread each, so libvips's own threads would only get in the way. Its cache would
// keep photos in memory after they have been answered.
sharp.concurrency(1);
sharp.cache(false);

export type { ResizeOptions, Sharp } from 'sharp';
export { sharp };
