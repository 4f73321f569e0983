import type { Command, Option } from 'commander';

/** What can follow on a command line. */
export interface Word {
  readonly text: string;
  readonly help: string;
}

/** A flag, with what can follow it. */
export interface Flag extends Word {
  readonly takesValue: boolean;
  /** The values that it accepts. Empty if they can't be listed. */
  readonly values: readonly string[];
}

/** A command or a group of commands, as shells complete it. */
export interface Place {
  /** The names that lead to it, each after a slash: `/models/import`. The program itself is the empty text. */
  readonly path: string;
  readonly commands: readonly Word[];
  readonly flags: readonly Flag[];
  /** What can follow besides commands and flags. */
  readonly values: readonly string[];
}

/** Lists the program and all commands below it, groups before what is in them. */
export function placesOf(commands: readonly Command[]): readonly Place[] {
  const below = commands.flatMap((command) => placesBelow(command, `/${command.name()}`));
  const own = [
    { text: '--help', help: 'show help', takesValue: false, values: [] },
    { text: '--version', help: 'print the version', takesValue: false, values: [] },
  ];
  return [{ path: '', commands: commands.map(wordOf), flags: own, values: [] }, ...below];
}

function placesBelow(command: Command, path: string): readonly Place[] {
  const flags = command.options.map(flagOf);
  const values = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
  const help = { text: '--help', help: 'show help', takesValue: false, values: [] };
  return [
    { path, commands: command.commands.map(wordOf), flags: [...flags, help], values },
    ...command.commands.flatMap((child) => placesBelow(child, `${path}/${child.name()}`)),
  ];
}

const wordOf = (command: Command): Word => ({ text: command.name(), help: command.description() });

const flagOf = ({ long, description, required, optional, argChoices }: Option): Flag => ({
  text: long!,
  help: description.replace(/ \[SWIPENET_\w+\]$/, ''),
  takesValue: required || optional,
  values: argChoices ?? [],
});
