import { Argument, Command, Option } from 'commander';
import type * as z from 'zod';
import { systemClock } from '../clock.ts';
import { CommandError } from '../command-error.ts';
import { readSettings, type SettingName, type Settings, settings } from '../config/settings.ts';
import { Progress } from './progress.ts';

/** One option of a command: how it is written, what the help says of it, and the schema that parses it. */
export interface OptionDefinition {
  /** As the help shows it: `--epochs <count>`, `--like <folder...>`, `--no-mirror`. */
  readonly flag: string;
  readonly help: string;
  /** Parses what came: a string, strings (`...`), or true. Its messages complete a sentence that begins with the flag. */
  readonly schema: z.ZodType;
  /** What holds where the option is absent, as it would be typed; the help shows it. */
  readonly standard?: string | readonly string[] | undefined;
  readonly choices?: readonly string[];
  readonly required?: true;
}

/** What a command takes besides options: `<id>`, or `<path...>` for several. */
export interface OperandDefinition {
  readonly syntax: string;
  readonly help: string;
  readonly choices?: readonly string[];
}

/** What came for an operand; whatever came where a command has none. */
export type Operands<Operand extends OperandDefinition> = [Operand] extends [never]
  ? readonly string[]
  : Operand['syntax'] extends `<${string}...>`
    ? readonly [string, ...string[]]
    : readonly [string];

type OptionTable = Readonly<Record<string, OptionDefinition>>;

/** The parsed values of a table of options. */
export type OptionValues<Options extends OptionTable> = {
  readonly [Name in keyof Options]: z.output<Options[Name]['schema']>;
};

/** What a command runs with. */
export interface CommandInput<
  Names extends SettingName,
  Options extends OptionTable,
  Operand extends OperandDefinition = never,
> {
  readonly settings: Settings<Names>;
  readonly options: OptionValues<Options>;
  readonly operands: Operands<Operand>;
  /** True for `--json`: standard output belongs to the one JSON value that is printed at the end. */
  readonly json: boolean;
  /** Prints for people, at once; nothing with `--json`. */
  readonly show: (text: string) => void;
  /** Progress on standard error. */
  readonly progress: Progress;
  /** True for an option that stood on the command line, with its default or another value. */
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
  /** Hands arguments that the command doesn't take to `run`, which refuses them in words of its own. */
  readonly allowExcess?: true;
  readonly settings?: readonly Names[];
  readonly options?: Options;
  /** Ends the help: exit codes, examples. */
  readonly notes?: string;
  readonly run: (input: CommandInput<Names, Options, Operand>) => Promise<Result>;
  /** The result for people. A command without it prints by itself and has no `--json`. */
  readonly print?: (result: Result) => string;
  /** The result for programs, which `--json` prints; the result itself unless given. */
  readonly toJson?: (result: Result) => unknown;
  /** 0 unless given; 2 is for what the caller did wrong, which is thrown as a {@link CommandError}. */
  readonly exitCode?: (result: Result) => number;
}

/** Makes a command for commander of its definition. */
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
  if (print) command.option('--json', 'print JSON and nothing else');
  if (notes) command.addHelpText('after', `\n${notes}`);
  return command.action(async () => {
    const flags = command.opts();
    const json = flags.json === true;
    const result = await run({
      settings: readSettings(settingNames, flags),
      options: parseOptions(definition.options ?? ({} as Options), flags),
      operands: command.args as unknown as Operands<Operand>, // commander has held them against the syntax
      json,
      show: (text) => {
        if (!json) console.log(text);
      },
      progress: new Progress(process.stderr, systemClock.now),
      isGiven: (option) => command.getOptionValueSource(String(option)) === 'cli',
    });
    if (print) {
      const text = json ? JSON.stringify(toJson(result), null, 2) : print(result);
      if (text !== '') console.log(text);
    }
    if (exitCode) process.exitCode = exitCode(result);
  });
}

/** A command that has nothing but commands below it. */
export function defineGroup(name: string, summary: string, commands: readonly Command[]): Command {
  const group = new Command(name).description(summary);
  for (const command of commands) group.addCommand(command);
  return group;
}

function toOption(key: string, { flag, help, standard, choices, required }: OptionDefinition): Option {
  const option = new Option(flag, help);
  if (option.attributeName() !== key) throw new Error(`the option ${flag} must stand under ${option.attributeName()}`);
  if (standard !== undefined) option.default(standard);
  if (choices) option.choices(choices);
  return option.makeOptionMandatory(required === true);
}

/**
 * Parses what the command line gave for a table of options.
 *
 * @param flags by commander's names: `weightDecay` is `--weight-decay`.
 * @throws CommandError `option_invalid`, naming the first that does not fit.
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
