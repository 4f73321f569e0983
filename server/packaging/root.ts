import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository root. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Where everything is built. */
export const DIST = join(ROOT, 'dist');

/** What these programs read of a package.json. */
export interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export const readPackageJson = async (folder: string): Promise<PackageJson> =>
  JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));

/** Formats a file of JSON. */
export const jsonFile = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
