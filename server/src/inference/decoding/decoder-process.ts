// The program of a decoder's child process. It imports as little as it can, so that a killed decoder restarts quickly.
import { SwipenetError } from '@swipenet/shared/contract/error-codes.ts';
import { serveParent } from '../../child/serve-parent.ts';
import { decodePhoto } from '../../image/decoding/decode.ts';
import { isPrepared } from '../../image/photo-bytes.ts';
import { unpackedGray } from '../../image/unpacked-gray.ts';
import type { DecodeAnswer, DecodeLimits, DecoderProtocol } from './child-decoder.ts';

/** How often to look at what a photo has cost. Usual photos are decoded before the first time. */
const LOOK_MS = 20;

let limits: DecodeLimits;

/** Decodes on a thread of libuv, which can't be stopped. Meanwhile, this thread watches what it costs. */
async function decode(decoding: Promise<Uint8Array>): Promise<DecodeAnswer> {
  const cpuBefore = process.cpuUsage();
  const rssBefore = process.memoryUsage.rss();
  const exceeded = Promise.withResolvers<DecodeAnswer>();
  const looking = setInterval(() => {
    const { user, system } = process.cpuUsage(cpuBefore);
    if ((user + system) / 1000 > limits.cpuMs) exceeded.resolve({ exceeded: 'cpuMs' });
    if (process.memoryUsage.rss() - rssBefore > limits.grownBytes) exceeded.resolve({ exceeded: 'grownBytes' });
  }, LOOK_MS);
  try {
    return await Promise.race([answerOf(decoding), exceeded.promise]);
  } finally {
    clearInterval(looking);
  }
}

async function answerOf(decoding: Promise<Uint8Array>): Promise<DecodeAnswer> {
  try {
    return { gray: await decoding, rssBytes: process.memoryUsage.rss() };
  } catch (error) {
    if (!(error instanceof SwipenetError)) throw error;
    const { code, message, cause } = error;
    return { error: { code, message, cause: cause instanceof Error ? cause.message : undefined } };
  }
}

serveParent<DecoderProtocol>({
  open: (given) => {
    limits = given;
  },
  decode: ({ photo, resize }) => decode(isPrepared(photo) ? unpackedGray(photo.bytes) : decodePhoto(photo, resize)),
});
