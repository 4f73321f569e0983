/** A command with its arguments. */
export type Words = readonly [program: string, ...parameters: string[]];

/** Whose service it is. */
export interface Surroundings {
  /** The person's home folder. */
  readonly userFolder: string;
  /** The number of the user. Windows has none. */
  readonly userId: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What starts programs for a person on one system, and keeps them running. */
export interface ServiceManager {
  readonly name: string;
  /** True once somebody has used it on a real machine. */
  readonly tried: boolean;
  /** The file that describes the service. */
  readonly file: string;
  /** Returns the contents of that file for a server that this command starts. */
  readonly describe: (command: Words) => string | Uint8Array;
  /** Has the service started now and from then on, after the file is written. */
  readonly start: readonly Words[];
  /** Has it stopped and forgotten, before the file is removed. */
  readonly stop: readonly Words[];
  /** Has it forgotten, after the file is removed. */
  readonly forget?: readonly Words[];
  /** Asks for its state. */
  readonly query: Words;
  /** Tells from the answer whether the service is running. */
  readonly isRunning: (answer: { readonly code: number; readonly stdout: string }) => boolean;
  /** Something to tell after the installation. */
  readonly note?: string;
}
