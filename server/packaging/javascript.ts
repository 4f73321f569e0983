import { stripTypeScriptTypes } from 'node:module';
import { posix } from 'node:path';

/** A source file as JavaScript. */
export interface JavaScript {
  /** Path from the root, with slashes: `server/src/main.js`. */
  readonly path: string;
  readonly code: string;
  /** The project's files that it names, as paths from the root: what it imports, and programs that it starts. */
  readonly files: readonly string[];
  /** The packages that it imports. */
  readonly packages: readonly string[];
}

/** The name of a TypeScript file of ours, as imports and `new URL(…, import.meta.url)` write it. */
const OWN_FILE = /'(\.\.?\/|@swipenet\/shared\/)([^'\n]+)\.ts'/g;

const IMPORT = /^(?:import(?: [^'\n]* from)?|export [^'\n]* from|\} from) '([^'\n]+)'/gm;
const OTHER_IMPORT = /\bimport(?:\.meta\.resolve)?\('([^'\n]+)'\)/g;

/**
 * Turns a TypeScript file into JavaScript. Node itself takes the types out and leaves blanks, so line numbers stay those of
 * the sources. Node doesn't do that for files in node_modules.
 *
 * @param path from the root, with slashes.
 */
export function toJavaScript(path: string, text: string): JavaScript {
  const folder = posix.dirname(path);
  const files: string[] = [];
  const code = stripTypeScriptTypes(text).replaceAll(OWN_FILE, (_, start: string, rest: string) => {
    const target = start.startsWith('.') ? posix.join(folder, start, `${rest}.js`) : `shared/src/${rest}.js`;
    files.push(target);
    const written = posix.relative(folder, target);
    return `'${written.startsWith('.') ? written : `./${written}`}'`;
  });
  const specifiers = [IMPORT, OTHER_IMPORT].flatMap((pattern) => [...code.matchAll(pattern)].map(([, name]) => name!));
  const packages = specifiers.filter((name) => !/^(\.|node:)/.test(name)).map(packageOf);
  return { path: path.replace(/\.ts$/, '.js'), code, files, packages: [...new Set(packages)] };
}

/** Returns the package that an import names: `uplot` for `uplot/dist/uPlot.min.css`. */
export const packageOf = (specifier: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)![0];
