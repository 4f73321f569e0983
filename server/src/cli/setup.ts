import { runInstaller } from '../child/run-installer.ts';
import { childEnvironment } from '../config/machine.ts';
import type { Finding } from '../doctor/check.ts';
import { type SetupOutcome, setupCuda } from '../doctor/setup-cuda.ts';
import { systemLacks } from '../doctor/system-lacks.ts';
import { thisMachine } from '../doctor/this-machine.ts';
import { runtimePackage } from '../runtime/providers.ts';
import { defineCommand, defineGroup } from './command.ts';
import { megabytes } from './format.ts';
import { stopOnSignal } from './signals.ts';

const cudaCommand = defineCommand({
  name: 'cuda',
  summary: 'fetch onnxruntime-node’s CUDA provider libraries, by its own installer, and check them',
  notes:
    'Exit codes: 0 in place, and the system brings what they need (the driver aside: swipenet doctor looks at it),' +
    '\n1 in place, but the system lacks something, 2 not fetched; nothing was changed.',
  run: async () => {
    const machine = thisMachine(childEnvironment());
    const { platform, environment } = machine;
    using signal = stopOnSignal(() => console.error('\nstopping'));
    const { folder: packageFolder } = runtimePackage();
    const outcome = await setupCuda({ packageFolder, platform, environment, runInstaller, signal });
    return { ...outcome, lacking: await systemLacks(machine) };
  },
  print: setupLines,
  exitCode: ({ lacking }) => (lacking.length > 0 ? 1 : 0),
});

/** `swipenet setup …`: what an ordinary install leaves out. */
export const setupCommand = defineGroup('setup', 'fetch what an ordinary install leaves out', [cudaCommand]);

/** What a set-up says at its end: what is in place, what the system still has to bring, what examines the rest. */
function setupLines({ fetched, files, lacking }: SetupOutcome & { readonly lacking: readonly Finding[] }): string {
  const listed = files.map(({ name, bytes, sha256 }) => `  ${name}  ${megabytes(bytes)}  SHA-256 ${sha256}`);
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
