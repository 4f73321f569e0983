import { cudaProviderInstalled } from './providers.ts';

/** Why an ordinary install can't use CUDA. */
export const CUDA_NOT_INSTALLED = 'the CUDA provider library of onnxruntime-node is not installed';

/** Why a CPU that the user asked for can't compute with TF32. */
export const TF32_ON_CPU = '--tf32 works only on CUDA; leave it out, or choose a GPU with --device';

/** Keeps a reason on about one line. ONNX Runtime's messages have up to 900 characters. */
const MAX_CHARACTERS = 200;

/**
 * Finds the reason in a message of ONNX Runtime, after paths and source locations. It is either the library that can't be
 * loaded (seen with 1.30) or CUDA's own error (never seen, because no GPU was available). Other messages are truncated.
 */
const REASON_PATTERNS = [/^.* with error: (?<reason>.+)$/, /(?<reason>CUDA failure \d+: [^;]+)/];

/**
 * Says in one short line why CUDA is unavailable. `swipenet doctor` has the details.
 *
 * @param error what opening or running a session on the GPU threw.
 */
export function cudaTrouble(error: unknown, installed: () => boolean = cudaProviderInstalled): string {
  if (!installed()) return CUDA_NOT_INSTALLED;
  const words = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim();
  const reason =
    REASON_PATTERNS.map((pattern) => pattern.exec(words)?.groups?.reason)
      .find(Boolean)
      ?.trim() ?? words;
  return reason.length > MAX_CHARACTERS ? `${reason.slice(0, MAX_CHARACTERS - 1)}…` : reason;
}

/** Says why a CUDA device that the user asked for is unavailable, and what to do. */
export function deviceTrouble(device: string, error: unknown, installed?: () => boolean): string {
  return `${device} is unavailable: ${cudaTrouble(error, installed)}; run swipenet doctor --device ${device} for details`;
}
