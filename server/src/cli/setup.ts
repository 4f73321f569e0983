import * as z from 'zod';
import { runTool } from '../child/run-tool.ts';
import { toRun } from '../command-form.ts';
import { childEnvironment } from '../config/machine.ts';
import type { Finding } from '../doctor/check.ts';
import { type SetupOutcome, setupCuda } from '../doctor/provider/setup-cuda.ts';
import { systemLacks } from '../doctor/system-lacks.ts';
import { thisMachine } from '../doctor/this-machine.ts';
import { runtimePackage } from '../runtime/providers.ts';
import { defineCommand, defineGroup } from './command.ts';
import { megabytes } from './format.ts';
import { stopOnSignal } from './signals.ts';
import { printError } from './terminal.ts';

const cudaCommand = defineCommand({
  name: 'cuda',
  summary: 'install the CUDA libraries that belong to onnxruntime-node, and check them',
  options: {
    from: {
      flag: '--from <path>',
      help: 'take them from this folder or .tgz package, without the network (default: download them)',
      schema: z.string().min(1, 'must not be empty').optional(),
    },
  },
  notes:
    `Exit codes: 0 if the libraries are in place and this system has what they need (${toRun('doctor')} checks the driver),` +
    '\n1 if they are in place but the system lacks something, 2 if that failed and nothing was changed.',
  run: async ({ options: { from } }) => {
    const machine = thisMachine(childEnvironment());
    const { platform, environment } = machine;
    using signal = stopOnSignal(() => printError('\nstopping…'));
    const { folder: packageFolder, version: runtimeVersion } = runtimePackage();
    const request = { packageFolder, runtimeVersion, platform, environment, runTool, signal, from };
    const outcome = await setupCuda(request);
    return { ...outcome, lacking: await systemLacks(machine) };
  },
  print: setupLines,
  exitCode: ({ lacking }) => (lacking.length > 0 ? 1 : 0),
});

/** `swipenet setup …`: installs what a normal install leaves out. */
export const setupCommand = defineGroup('setup', 'install what a normal install leaves out', [cudaCommand]);

/** Formats the result of a setup: which libraries are in place, and what the system still lacks. */
function setupLines({
  fetched,
  source,
  verified,
  files,
  lacking,
}: SetupOutcome & { readonly lacking: readonly Finding[] }): string {
  const listed = files.map(({ name, bytes, sha256 }) => `  ${name}  ${megabytes(bytes)}  SHA-256 ${sha256}`);
  const lacks = lacking.flatMap(({ summary, advice, details }) => [
    `  ${summary}`,
    ...(typeof details === 'string' ? details.split('\n').map((line) => `    ${line}`) : []),
    `    → ${advice}`,
  ]);
  return [
    fetched ? `The CUDA libraries are installed, from ${source}:` : 'The CUDA libraries were already installed:',
    ...listed,
    verified
      ? '  (these are the hashes that are known for this version)'
      : '  (no hashes are known for this version, so these are unverified)',
    ...(lacks.length > 0 ? ['', 'This system lacks:', ...lacks] : []),
    '',
    'The libraries need CUDA 13 (cudart, cuBLAS, cuRAND), cuDNN 9, driver 580 or newer, and a Turing or newer GPU.',
    `Check all of this with ${toRun('doctor --device cuda:0')}. Run this setup again after an update of onnxruntime-node.`,
  ].join('\n');
}
