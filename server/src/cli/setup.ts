import { Command } from 'commander';
import { childEnvironment } from '../config/machine.ts';
import { runInstaller } from '../doctor/run-installer.ts';
import { setupCuda } from '../doctor/setup-cuda.ts';
import { setupLines } from '../doctor/setup-lines.ts';
import { systemLacks } from '../doctor/system-lacks.ts';
import { thisMachine } from '../doctor/this-machine.ts';
import { runtimePackage } from '../runtime/providers.ts';
import { stopOnSignal } from './stop-on-signal.ts';

const cudaCommand = new Command('cuda')
  .description('fetch onnxruntime-node’s CUDA provider libraries, by its own installer, and check them')
  .option('--json', 'print JSON and nothing else')
  .addHelpText(
    'after',
    '\nExit codes: 0 in place, and the system brings what they need (the driver aside: swipenet doctor looks at it),' +
      '\n1 in place, but the system lacks something, 2 not fetched; nothing was changed.',
  )
  .action(async ({ json }: Record<string, unknown>) => {
    const machine = thisMachine(childEnvironment());
    const { platform, environment } = machine;
    const signal = stopOnSignal(() => console.error('\nstopping'));
    const outcome = await setupCuda({
      packageFolder: runtimePackage().folder,
      platform,
      environment,
      runInstaller,
      signal,
    });
    const lacking = await systemLacks(machine);
    console.log(json ? JSON.stringify({ ...outcome, lacking }, null, 2) : setupLines(outcome, lacking));
    process.exitCode = lacking.length > 0 ? 1 : 0;
  });

/** `swipenet setup …`: what an ordinary install leaves out. */
export const setupCommand = new Command('setup')
  .description('fetch what an ordinary install leaves out')
  .addCommand(cudaCommand);
