import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import { RESIZE_MODES, type ResizeMode } from '@swipenet/shared/photo.ts';
import { LEARNING_RESIZE_MODE, PREPARED_VERSION, preparedType } from '@swipenet/shared/prepared-photo.ts';
import type { NotPrepared, PhotoPreparer } from '../preparing/photo-preparer.ts';

/** A photo as it is sent: as it was downloaded, or prepared and of that content type. */
export interface PackedPhoto {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type?: string;
}

/** How photos are to be prepared. */
export interface Packing {
  readonly resize: ResizeMode;
  /** True to send whatever is smallest. Compressing takes longer than sending to a server on this machine. */
  readonly smallest: boolean;
}

/** Returns the resize mode to prepare photos in, or undefined if they must be sent as they are. */
export function resizeModeFor(model: Pick<ModelAnswer, 'preparedPhotos'>, learn: boolean): ResizeMode | undefined {
  if (model.preparedPhotos?.version !== PREPARED_VERSION) return undefined;
  const resize = RESIZE_MODES.find((mode) => mode === model.preparedPhotos?.resize);
  return learn && resize !== LEARNING_RESIZE_MODE ? undefined : resize;
}

/** Prepares photos. Those that can't be prepared are sent as they are, and `notPrepared` says why. */
export async function packPhotos(
  photos: readonly Uint8Array<ArrayBuffer>[],
  { resize, smallest }: Packing,
  preparer: Pick<PhotoPreparer, 'prepare'>,
): Promise<{ readonly packed: readonly PackedPhoto[]; readonly notPrepared: readonly NotPrepared[] }> {
  const notPrepared: NotPrepared[] = [];
  const packing = photos.map(async (bytes): Promise<PackedPhoto> => {
    const gray = await preparer.prepare(bytes, resize);
    if (typeof gray === 'string') {
      notPrepared.push(gray);
      return { bytes };
    }
    const prepared = { bytes: gray, type: preparedType({ resize, gzip: false }) };
    if (!smallest) return prepared;
    const compressed = { bytes: await gzip(gray), type: preparedType({ resize, gzip: true }) };
    return [prepared, compressed, { bytes }].reduce((one, other) =>
      other.bytes.length < one.bytes.length ? other : one,
    );
  });
  return { packed: await Promise.all(packing), notPrepared };
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const compressed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(compressed).arrayBuffer());
}
