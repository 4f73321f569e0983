import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { tellStarter } from '../../child/detached.ts';
import type { JobProgress } from './job-files.ts';

/**
 * Does the work of a job's program, and ends the process, because ONNX Runtime can keep it. If that fails, the last line
 * of the job's log says why.
 *
 * @param work gets the program's parameters, and a function that reports how far it is.
 */
export async function runJobProgram(
  work: (parameters: readonly string[], report: (progress: JobProgress) => void) => Promise<void>,
): Promise<never> {
  try {
    await work(process.argv.slice(2), tellStarter);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof SwipenetError)) process.stderr.write(`${(error as Error).stack}\n`); // a bug
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(2);
  }
}
