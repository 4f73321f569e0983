import { cudaProviderInstalled } from './providers.ts';

/** Why CUDA is out of the question in an ordinary install. */
export const CUDA_NOT_INSTALLED = 'the CUDA provider library of onnxruntime-node is not installed';

/** A reason is one line among others; ONNX Runtime's own text has up to 900 characters. */
const MAX_CHARACTERS = 200;

/**
 * What ONNX Runtime says where it matters, at the end of paths and source locations: which library did not load (seen with
 * 1.30), or CUDA's own error (never seen: no GPU was at hand; what does not match is cut).
 */
const TELLING = [/^.* with error: (?<reason>.+)$/, /(?<reason>CUDA failure \d+: [^;]+)/];

/**
 * Why CUDA cannot be used, short and on one line; `swipenet doctor` tells the whole.
 *
 * @param error what opening or running a session there threw.
 */
export function cudaTrouble(error: unknown, installed: () => boolean = cudaProviderInstalled): string {
  if (!installed()) return CUDA_NOT_INSTALLED;
  const words = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim();
  const reason =
    TELLING.map((pattern) => pattern.exec(words)?.groups?.reason)
      .find(Boolean)
      ?.trim() ?? words;
  return reason.length > MAX_CHARACTERS ? `${reason.slice(0, MAX_CHARACTERS - 1)}…` : reason;
}

/** Why a CUDA device that was asked for cannot be used, and what tells more. */
export function deviceTrouble(device: string, error: unknown, installed?: () => boolean): string {
  return `${device} cannot be used: ${cudaTrouble(error, installed)}; swipenet doctor --device ${device} tells more`;
}
