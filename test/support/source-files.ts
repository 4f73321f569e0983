import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'oxc-parser';

/** The repository root. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

/** One import of a source file. */
interface Import {
  /** As written: `hono`, `../image/decode.ts`. */
  readonly specifier: string;
  /** The project file it points to, as a path from the root with slashes. `undefined` for a package. */
  readonly file: string | undefined;
  /** The package it points to. `undefined` for a project file. */
  readonly packageName: string | undefined;
  /** True if it imports only types. */
  readonly typesOnly: boolean;
}

/** A source file of the project, as far as the architecture rules need it. */
export interface SourceFile {
  /** Path from the root, with slashes: `server/src/app.ts`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
  /** The texts of its docstrings, without the asterisks. */
  readonly docstrings: readonly string[];
  /** Every identifier that the file uses, apart from property names. */
  readonly identifiers: ReadonlySet<string>;
}

const OWN_PACKAGE = /^@swipenet\/(shared|server|extension)\/(.+)$/;

/** Parses every TypeScript source that matches the patterns, except for tests and build output. */
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
  const imports = new Map<string, boolean>();
  const add = (specifier: string, typesOnly: boolean) =>
    imports.set(specifier, typesOnly && (imports.get(specifier) ?? true));
  for (const { moduleRequest, entries } of module.staticImports) {
    add(moduleRequest.value, entries.length > 0 && entries.every(({ isType }) => isType));
  }
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, isType } of entries) if (moduleRequest) add(moduleRequest.value, isType);
  }
  for (const { moduleRequest } of module.dynamicImports)
    add(text.slice(moduleRequest.start + 1, moduleRequest.end - 1), false);

  const docstrings = comments
    .filter(({ type, value }) => type === 'Block' && value.startsWith('*'))
    .map(({ value }) => value.replaceAll(/^\s*\*+ ?/gm, '').trim());

  const identifiers = new Set<string>();
  new Visitor({
    Identifier: ({ name }) => void identifiers.add(name),
    MemberExpression: ({ object, property }) => {
      if (object.type === 'Identifier' && property.type === 'Identifier')
        identifiers.add(`${object.name}.${property.name}`);
    },
    NewExpression: ({ callee, arguments: args }) => {
      if (callee.type === 'Identifier' && args.length === 0) identifiers.add(`new ${callee.name}()`);
    },
  }).visit(program);

  const readImports = [...imports].map(([specifier, typesOnly]) => ({ ...readImport(path, specifier), typesOnly }));
  return { path, text, imports: readImports, docstrings, identifiers };
}

function readImport(from: string, specifier: string): Omit<Import, 'typesOnly'> {
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
