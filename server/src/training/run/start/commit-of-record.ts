import { runProgram } from '../../../child/run-program.ts';

/**
 * Returns the current commit of this project, with `-changed` appended if there are uncommitted changes.
 *
 * @throws Error if this isn’t a Git checkout.
 */
export async function commitOfRecord(): Promise<string> {
  const git = async (...words: string[]) => {
    const end = await runProgram('git', ['-C', import.meta.dirname, ...words]);
    if (end?.code !== 0) throw new Error(`git ${words[0]} failed: ${end?.stderr ?? 'git is not installed'}`);
    return end.stdout.trim();
  };
  return `${await git('rev-parse', 'HEAD')}${(await git('status', '--porcelain')) === '' ? '' : '-changed'}`;
}
