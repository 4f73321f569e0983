import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findOrInstall, firstProgram, pathsOf } from '../support/debian-program.ts';
import { runSwipenet } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Each shell completes the last of these words with the script that `swipenet completion` prints for it. */
const SHELLS: Readonly<Record<string, (script: string, words: readonly string[]) => readonly [string, string]>> = {
  bash: (script, words) => [
    '-c',
    `source ${script}; COMP_WORDS=(${quoted(words)}); COMP_CWORD=${words.length - 1}; _swipenet; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ],
  // zsh completes only at its prompt, so what its function calls there is replaced.
  zsh: (script, words) => [
    '-c',
    `compdef() { }; _files() { }; compadd() { shift; print -l -- $@ }
     _describe() { local -a all=("\${(@P)2}"); print -l -- \${(M)\${all%%:*}:#\${words[CURRENT]}*} }
     source ${script}; words=(${quoted(words)}); CURRENT=${words.length}; _swipenet`,
  ],
  fish: (script, words) => ['-c', `source ${script}; complete -C "${words.join(' ')}"`],
};

const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(' ');

describe.for(Object.keys(SHELLS))('completion in %s', (shell) => {
  const program = findOrInstall(() => firstProgram(pathsOf([shell])), shell);
  let printed = '';

  beforeAll(async () => {
    const { code, stdout } = await runSwipenet(['completion', shell], { home: '/nowhere' }).ended;
    expect(code).toBe(0);
    printed = stdout;
  });

  it.for([
    ['a command', ['swipenet', 'mo'], ['models']],
    ['a command of a group', ['swipenet', 'models', 'im'], ['import']],
    ['a flag', ['swipenet', 'models', 'import', '--temp'], ['--temperature']],
    ['the values of a flag', ['swipenet', 'dataset', 'build', '--resize', ''], ['cover', 'squash']],
    ['the values of a command', ['swipenet', 'completion', ''], ['bash', 'fish', 'zsh']],
    ['no flag in place of a file', ['swipenet', 'score', ''], []],
  ] as const)('knows %s', ([, words, expected], { skip }) => {
    skip(!program, `${shell} is not installed`);
    const script = join(temporaryFolder(), 'script');
    writeFileSync(script, printed);
    const env = { PATH: process.env.PATH, HOME: temporaryFolder() };
    const output = execFileSync(program!, SHELLS[shell]!(script, words), {
      encoding: 'utf8',
      env,
      cwd: temporaryFolder(),
    });
    const found = output.split('\n').map((line) => line.replace(/\t.*/, '')); // fish describes each word
    expect(found.filter((word) => word !== '' && word !== '--help').toSorted()).toEqual(expected);
  });
});
