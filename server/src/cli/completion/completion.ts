import type { Command } from 'commander';
import { CommandError } from '../../command-error.ts';
import { defineCommand } from '../command.ts';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { placesOf } from './words.ts';
import { zshScript } from './zsh.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

const isShell = (name: string): name is keyof typeof SCRIPTS => Object.hasOwn(SCRIPTS, name);

/**
 * `swipenet completion SHELL`: prints a script that completes commands and flags.
 *
 * @param loadAll loads every command.
 */
export const completionCommand = (loadAll: () => Promise<readonly Command[]>) =>
  defineCommand({
    name: 'completion',
    summary: 'print a script with which a shell completes commands and flags',
    operand: { syntax: '<shell>', help: 'the shell', choices: Object.keys(SCRIPTS) },
    notes:
      'bash: add   source <(swipenet completion bash)   to ~/.bashrc\n' +
      'zsh:  add   source <(swipenet completion zsh)    to ~/.zshrc, after compinit\n' +
      'fish: run   swipenet completion fish > ~/.config/fish/completions/swipenet.fish',
    run: async ({ operands: [shell], show }) => {
      if (!isShell(shell)) throw new CommandError('option_invalid', `no completion for ${shell}`); // commander checks first
      show(SCRIPTS[shell](placesOf(await loadAll())));
    },
  });
