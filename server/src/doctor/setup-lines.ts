import type { Finding } from './check.ts';
import type { SetupOutcome } from './setup-cuda.ts';

/** What a set-up says at its end: what is in place, what the system still has to bring, what examines the rest. */
export function setupLines({ fetched, files }: SetupOutcome, lacking: readonly Finding[]): string {
  const listed = files.map(({ name, bytes, sha256 }) => `  ${name}  ${(bytes / 1e6).toFixed(1)} MB  SHA-256 ${sha256}`);
  const lacks = lacking.flatMap(({ summary, advice, details }) => [
    `  ${summary}`,
    ...(typeof details === 'string' ? details.split('\n').map((line) => `    ${line}`) : []),
    `    → ${advice}`,
  ]);
  return [
    fetched ? 'The CUDA provider’s libraries are in place:' : 'The CUDA provider’s libraries were in place already:',
    ...listed,
    '  (nothing is recorded that these hashes could be held against; they came from NuGet over TLS)',
    ...(lacks.length > 0 ? ['', 'What this system lacks:', ...lacks] : []),
    '',
    'They need of the system CUDA 13 (cudart, cuBLAS), cuDNN 9, a driver of 580 or newer, and a GPU of Turing or newer.',
    'swipenet doctor --device cuda:0 examines all of it. An update of onnxruntime-node needs this set-up again.',
  ].join('\n');
}
