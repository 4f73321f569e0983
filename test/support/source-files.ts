import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

/** The project's root. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

/** One import of a source file. */
export interface Import {
  /** As it is written: `hono`, `../image/decode.ts`. */
  readonly specifier: string;
  /** The file of ours that it reaches, from the root with slashes; `undefined` for a package. */
  readonly file: string | undefined;
  /** The package it reaches; `undefined` for a file of ours. */
  readonly packageName: string | undefined;
}

/** One source file of the project, as far as the architecture's rules look at it. */
export interface SourceFile {
  /** From the root, with slashes: `server/src/app.ts`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
  /** Names that are exported without a docstring before them. */
  readonly undocumentedExports: readonly string[];
}

const OWN_PACKAGE = /^@swipenet\/(shared|server|extension)\/(.+)$/;

/** Every TypeScript source under the given patterns (tests and built files left out), parsed. */
export function sourceFiles(...patterns: string[]): SourceFile[] {
  const paths = globSync(patterns, { cwd: ROOT, exclude: (path) => /node_modules|\.output|\.wxt/.test(path) });
  return paths
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.ts$/.test(path))
    .map((path) => readSource(path.split(sep).join('/')))
    .toSorted((a, b) => a.path.localeCompare(b.path));
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const { module, program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const specifiers = [
    ...module.staticImports.map((found) => found.moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) => entries.flatMap((entry) => entry.moduleRequest?.value ?? [])),
    ...module.dynamicImports.map((found) => text.slice(found.moduleRequest.start + 1, found.moduleRequest.end - 1)),
  ];
  const documented = (start: number) =>
    comments.some(
      ({ type, value, end }) => type === 'Block' && value.startsWith('*') && text.slice(end, start).trim() === '',
    );
  const undocumentedExports = program.body
    .filter((node) => node.type === 'ExportNamedDeclaration' && node.declaration && !documented(node.start))
    .map((node) => text.slice(node.start, node.start + 60).split('\n')[0]!);
  return {
    path,
    text,
    imports: [...new Set(specifiers)].map((specifier) => readImport(path, specifier)),
    undocumentedExports,
  };
}

function readImport(from: string, specifier: string): Import {
  const own = OWN_PACKAGE.exec(specifier);
  if (own) return { specifier, file: posix.join(own[1]!, 'src', own[2]!), packageName: undefined };
  if (specifier.startsWith('.')) {
    const file = relative(ROOT, resolve(ROOT, dirname(from), specifier))
      .split(sep)
      .join('/');
    return { specifier, file, packageName: undefined };
  }
  const packageName = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  return { specifier, file: undefined, packageName };
}
