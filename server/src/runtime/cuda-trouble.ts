import { toRun } from '../command-form.ts';
import { cudaProviderInstalled } from './providers.ts';

/** Why an ordinary install can't use CUDA. */
export const CUDA_NOT_INSTALLED = 'the CUDA provider library of onnxruntime-node is not installed';

/** Why a CPU that the user asked for can't compute with TF32. */
export const TF32_ON_CPU = '--tf32 works only on CUDA; leave it out, or choose a GPU with --device';

/** Keeps a reason on about one line. ONNX Runtime's messages have up to 900 characters. */
const MAX_CHARACTERS = 200;

/** What a message of ONNX Runtime contains after paths and source locations, and what to do about it. */
interface KnownTrouble {
  readonly pattern: RegExp;
  readonly remedy?: string;
}

/**
 * The reasons that are recognized in a line of a message: a library that can't be loaded (seen with 1.30), cuDNN, which is
 * only loaded at the first convolution, and CUDA's own errors. The last two are from the provider's source and were never
 * seen here, because no GPU was available.
 */
const KNOWN_TROUBLES: readonly KnownTrouble[] = [
  {
    pattern: /(?<reason>cuDNN is unavailable\b.*)/,
    remedy:
      'install cuDNN 9 for CUDA 13, or add its folder to LD_LIBRARY_PATH before you start the server; ' +
      'ONNX Runtime looks for libcudnn.so.9, and its message names libcudnn.so, which it tries last',
  },
  { pattern: / with error: (?<reason>.+)/ },
  { pattern: /(?<reason>CUDA failure \d+: [^;]+)/ },
];

/** Finds the reason in a message of ONNX Runtime, and what to do if it is known. */
export function recognizeTrouble(message: string): { reason: string; remedy?: string } | undefined {
  for (const { pattern, remedy } of KNOWN_TROUBLES) {
    const reason = pattern.exec(message)?.groups?.reason?.trim();
    if (reason) return { reason, ...(remedy !== undefined && { remedy }) };
  }
  return undefined;
}

/**
 * Says in one short line why CUDA is unavailable. `swipenet doctor` has the details.
 *
 * @param error what opening or running a session on the GPU threw.
 */
export function cudaTrouble(error: unknown, installed: () => boolean = cudaProviderInstalled): string {
  if (!installed()) return CUDA_NOT_INSTALLED;
  const message = error instanceof Error ? error.message : String(error);
  const reason = recognizeTrouble(message)?.reason ?? message.replace(/\s+/g, ' ').trim();
  return reason.length > MAX_CHARACTERS ? `${reason.slice(0, MAX_CHARACTERS - 1)}…` : reason;
}

/** Says why a CUDA device that the user asked for is unavailable, and what to do. */
export function deviceTrouble(device: string, error: unknown, installed?: () => boolean): string {
  return `${device} is unavailable: ${cudaTrouble(error, installed)}; run ${toRun(`doctor --device ${device}`)} for details`;
}
