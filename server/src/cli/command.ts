import { Argument, Command, Option } from 'commander';
import type * as z from 'zod';
import { systemClock } from '../clock.ts';
import { CommandError } from '../command-error.ts';
import { readSettings, type SettingName, type Settings, settings } from '../config/settings.ts';
import { Progress } from './progress.ts';
import { endWithOutput, jsonText, printCommandError, printEscaped, printOut, progressOutput } from './terminal.ts';

/** One option of a command: its syntax, its help text, and the schema that parses it. */
export interface OptionDefinition {
  /** The syntax that the help shows: `--epochs <count>`, `--like <folder...>`, `--no-mirror`. */
  readonly flag: string;
  readonly help: string;
  /**
   * Parses the value: a string, a list of strings (`...`), or true. Error messages continue a sentence that starts with
   * the flag, such as "must be …".
   */
  readonly schema: z.ZodType;
  /** The default value, as the user would type it. The help shows it. */
  readonly defaultValue?: string | readonly string[] | undefined;
  readonly choices?: readonly string[];
  readonly required?: true;
}

/** The arguments of a command besides its options: `<id>`, or `<path...>` for one or more. */
export interface OperandDefinition {
  readonly syntax: string;
  readonly help: string;
  readonly choices?: readonly string[];
}

/** The arguments that the user passed. Commands without an operand get all arguments. */
type Operands<Operand extends OperandDefinition> = [Operand] extends [never]
  ? readonly string[]
  : Operand['syntax'] extends `<${string}...>`
    ? readonly [string, ...string[]]
    : readonly [string];

type OptionTable = Readonly<Record<string, OptionDefinition>>;

export type OptionValues<Options extends OptionTable> = {
  readonly [Name in keyof Options]: z.output<Options[Name]['schema']>;
};

export interface CommandInput<
  Names extends SettingName,
  Options extends OptionTable,
  Operand extends OperandDefinition = never,
> {
  readonly settings: Settings<Names>;
  readonly options: OptionValues<Options>;
  readonly operands: Operands<Operand>;
  /** True for `--json`. Standard output then contains only the final JSON value. */
  readonly json: boolean;
  /** Prints a line for people right away. Does nothing with `--json`. */
  readonly show: (text: string) => void;
  /** Shows progress on standard error. */
  readonly progress: Progress;
  /** Returns true if the option is on the command line, even with its default value. */
  readonly isGiven: (name: keyof Options) => boolean;
}

/** A command: it parses, calls one use case, and prints. */
export interface CommandDefinition<
  Names extends SettingName,
  Options extends OptionTable,
  Result,
  Operand extends OperandDefinition,
> {
  readonly name: string;
  readonly summary: string;
  readonly operand?: Operand;
  /** Passes unexpected arguments to `run`, so that it can reject them with a better message. */
  readonly allowExcess?: true;
  readonly settings?: readonly Names[];
  readonly options?: Options;
  /** Text at the end of the help, such as exit codes and examples. */
  readonly notes?: string;
  readonly run: (input: CommandInput<Names, Options, Operand>) => Promise<Result>;
  /** Formats the result for people. A command without `print` does its own printing and has no `--json`. */
  readonly print?: (result: Result) => string;
  /** Converts the result to the value that `--json` prints. By default it is the result itself. */
  readonly toJson?: (result: Result) => unknown;
  /**
   * Returns the exit code, 0 by default. Code 2 is for the user's mistakes, which are thrown as a {@link CommandError}.
   */
  readonly exitCode?: (result: Result) => number;
}

/** Turns a definition into a commander command. */
export function defineCommand<
  Names extends SettingName = never,
  Options extends OptionTable = Record<never, never>,
  Result = void,
  const Operand extends OperandDefinition = never,
>(definition: CommandDefinition<Names, Options, Result, Operand>): Command {
  const { name, summary, operand, notes, run, print, toJson = (result) => result, exitCode } = definition;
  const settingNames = definition.settings ?? [];
  const command = new Command(name).description(summary).allowExcessArguments(definition.allowExcess === true);
  if (operand) {
    const argument = new Argument(operand.syntax, operand.help);
    command.addArgument(operand.choices ? argument.choices(operand.choices) : argument);
  }
  for (const { flag, help, variable } of settingNames.map((setting) => settings[setting])) {
    command.option(flag, `${help} [${variable}]`);
  }
  for (const [key, option] of Object.entries(definition.options ?? {})) command.addOption(toOption(key, option));
  if (print) command.option('--json', 'print only JSON');
  if (notes) command.addHelpText('after', `\n${notes}`);
  return command.action(async () => {
    const flags = command.opts();
    const json = flags.json === true;
    const result = await run({
      settings: readSettings(settingNames, flags),
      options: parseOptions(definition.options ?? ({} as Options), flags),
      operands: command.args as unknown as Operands<Operand>, // commander has checked them
      json,
      show: (text) => {
        if (!json) printOut(text);
      },
      progress: new Progress(progressOutput(), systemClock.now),
      isGiven: (option) => command.getOptionValueSource(String(option)) === 'cli',
    });
    if (print) {
      const text = json ? jsonText(toJson(result), 2) : print(result);
      if (text !== '') printOut(text);
    }
    if (exitCode) process.exitCode = exitCode(result);
  });
}

/** Creates a command that only contains subcommands. */
export function defineGroup(name: string, summary: string, commands: readonly Command[]): Command {
  const group = new Command(name).description(summary);
  for (const command of commands) group.addCommand(command);
  return group;
}

/** Runs a command that is a script of its own, with exit code 2 for a mistake of the user's. */
export async function runScript(command: Command): Promise<void> {
  endWithOutput();
  printEscaped(command);
  await command
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parseAsync()
    .catch((error: unknown) => {
      if (!(error instanceof CommandError)) throw error;
      printCommandError(command.name(), error);
      process.exit(2);
    });
}

function toOption(key: string, { flag, help, defaultValue, choices, required }: OptionDefinition): Option {
  const option = new Option(flag, help);
  if (option.attributeName() !== key) throw new Error(`the option ${flag} must be named ${option.attributeName()}`);
  if (defaultValue !== undefined) option.default(defaultValue);
  if (choices) option.choices(choices);
  return option.makeOptionMandatory(required === true);
}

/**
 * Parses the options of a command.
 *
 * @param flags by commander's names: `weightDecay` for `--weight-decay`.
 * @throws CommandError `option_invalid`, naming the first invalid option.
 */
export function parseOptions<Options extends OptionTable>(
  options: Options,
  flags: Readonly<Record<string, unknown>>,
): OptionValues<Options> {
  const values = Object.entries(options).map(([key, { flag, schema }]) => {
    const parsed = schema.safeParse(flags[key]);
    if (parsed.success) return [key, parsed.data];
    throw new CommandError('option_invalid', `${flag.split(' ')[0]}: ${parsed.error.issues[0]?.message}`);
  });
  return Object.fromEntries(values);
}
