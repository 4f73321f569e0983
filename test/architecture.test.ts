import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND_ERROR_CODES } from '@swipenet/server/command-error.ts';
import { settings } from '@swipenet/server/config/settings.ts';
import { REPLICA_FAULTS } from '@swipenet/server/inference/oip/replica-fault.ts';
import { errorDefinitions } from '@swipenet/shared/contract/errors.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { describe, expect, it } from 'vitest';
import { REASON_CODES } from '../extension/src/reasons.ts';
import { ROOT, type SourceFile, sourceFiles } from './support/source-files.ts';

// The rules of docs/architecture.md, executed. A failure names the file and says which rule it breaks.

/** Rooms that every room of their package may import: the contract, what a command's failure is called, how to type one. */
const OPEN_TO_ALL = ['shared', 'server/command-error', 'server/command-form'];

/** Which rooms a room may import from; its own is always among them. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  shared: [],
  'server/cli': ['server/*'], // the entry points wire: they may import everything of the server
  'server/main': ['server/*'],
  'server/app': ['server/http', 'server/demo'],
  'server/http': [
    'server/observe',
    'server/inference',
    'server/taste',
    'server/studio',
    'server/image',
    'server/registry',
    'server/home',
    'server/runtime',
    'server/files',
    'server/fairness',
    'server/oip',
  ],
  'server/studio': [
    'server/training',
    'server/quantization',
    'server/inference',
    'server/image',
    'server/registry',
    'server/child', // jobs
    'server/files',
    'server/home',
    'server/clock',
  ],
  'server/demo': ['server/pictures'],
  'server/doctor': ['server/image', 'server/runtime', 'server/child', 'server/files', 'server/clock'],
  'server/upkeep': ['server/doctor', 'server/child', 'server/files'],
  'server/quantization': [
    'server/training',
    'server/interchange',
    'server/googlenet',
    'server/onnx',
    'server/image',
    'server/runtime',
    'server/registry',
    'server/files',
  ],
  'server/training': [
    'server/interchange', // the network that a run starts from
    'server/googlenet',
    'server/onnx',
    'server/pictures',
    'server/image',
    'server/runtime',
    'server/registry',
    'server/child',
    'server/files',
    'server/clock',
  ],
  'server/taste': [
    'server/training',
    'server/quantization', // a version's int8 form
    'server/googlenet',
    'server/runtime',
    'server/registry',
    'server/child', // the learner
    'server/files',
    'server/home',
    'server/config',
    'server/clock',
  ],
  'server/observe': ['server/inference', 'server/runtime', 'server/child'],
  'server/inference': [
    'server/googlenet', // the head of a model whose network runs on other machines
    'server/onnx', // the graph that a GPU runs
    'server/image',
    'server/runtime',
    'server/registry',
    'server/child',
    'server/files',
    'server/fairness',
    'server/oip',
    'server/clock',
  ],
  'server/interchange': [
    'server/googlenet',
    'server/onnx',
    'server/registry',
    'server/files',
    'server/oip', // what an export for Triton has in common with our own endpoint
  ],
  'server/googlenet': ['server/onnx'],
  'server/onnx': [],
  'server/pictures': ['server/image'],
  'server/image': ['server/files'], // paths whose names aren't UTF-8
  'server/registry': ['server/files', 'server/config', 'server/home'],
  'server/home': ['server/files'],
  'server/runtime': ['server/child'],
  'server/child': ['server/clock'],
  'server/files': [],
  'server/fairness': [],
  'server/oip': [],
  'server/config': ['server/runtime', 'server/home'],
  'server/clock': [],
  studio: [], // the pages in the browser, which meet the server in the contract
  'server/command-error': [],
  'server/command-form': [],
  'extension/sites': ['extension/parse'],
  'extension/rules': ['extension/parse', 'extension/sites', 'extension/texts'],
  'extension/words': ['extension/rules', 'extension/messages'],
  'extension/page': [
    'extension/sites',
    'extension/rules',
    'extension/words',
    'extension/messages',
    'extension/own-messages',
    'extension/storage',
    'extension/report-error',
    'extension/reasons',
    'extension/reason-text',
    'extension/texts',
    'extension/clock',
    'extension/control-acts',
  ],
  'extension/background': [
    'extension/words',
    'extension/messages',
    'extension/orders',
    'extension/own-messages',
    'extension/storage',
    'extension/parse',
    'extension/report-error',
    'extension/reasons',
    'extension/reason-text',
    'extension/texts',
    'extension/server-address',
    'extension/clock',
    'extension/control-acts',
  ],
  'extension/entrypoints': ['extension/*'],
  'extension/messages': [
    'extension/rules',
    'extension/parse',
    'extension/browser',
    'extension/reasons',
    'extension/control-acts',
  ],
  'extension/control-acts': ['extension/parse'],
  'extension/orders': ['extension/rules', 'extension/parse', 'extension/browser', 'extension/report-error'],
  'extension/own-messages': ['extension/messages', 'extension/rules', 'extension/parse'],
  'extension/storage': [
    'extension/messages',
    'extension/rules',
    'extension/own-messages',
    'extension/parse',
    'extension/browser',
    'extension/report-error',
    'extension/server-address',
    'extension/control-acts',
  ],
  'extension/texts': ['extension/public', 'extension/browser'],
  'extension/parse': [],
  'extension/browser': [],
  'extension/reasons': [],
  'extension/reason-text': ['extension/reasons', 'extension/texts'],
  'extension/report-error': [],
  'extension/server-address': [],
  'extension/clock': [],
};

/** Rooms that take nothing but types from another room. */
const TYPES_ONLY: Record<string, readonly string[]> = {
  'server/http': [
    'server/inference',
    'server/taste',
    'server/studio',
    'server/image',
    'server/registry',
    'server/runtime',
  ],
  'server/doctor': ['server/image'], // it must speak when sharp cannot be loaded
  'server/observe': ['server/inference'],
  'server/config': ['server/runtime'],
  'server/runtime': ['server/child'],
  'extension/page': ['extension/own-messages'],
  'extension/rules': ['extension/sites'],
  'extension/words': ['extension/messages'],
};

/** The few places that touch time themselves; everything else is given it. */
const TIME_KEEPERS = [
  'server/src/clock.ts',
  'server/src/child/heartbeat.ts',
  'server/src/inference/decoding/decoder-process.ts', // looks at its own CPU time and memory
  'server/src/http/drain.ts',
  'server/src/http/routes/reload-route.ts', // a connection's own limit
  'server/src/cli/status.ts',
  'extension/src/clock.ts',
  'server/studio/src/live/events.ts', // tries again to connect
];

/** What reads or waits for time, or draws lots, without being given either. */
const TIME_AND_CHANCE = ['Date.now', 'Math.random', 'performance.now', 'new Date()', 'setTimeout', 'setInterval'];

/** Names that exist in a page or in Node, but not in both: `shared/` runs in either. */
const NOT_IN_SHARED = [
  'document',
  'window',
  'navigator',
  'localStorage',
  'globalThis',
  'process',
  'Buffer',
  'fetch',
  'require',
];

/** Rooms that nothing but the rooms named may import. */
const ONLY_IMPORTED_BY: Record<string, readonly string[]> = {
  'server/cli': ['server/main'],
  'server/main': [],
  'server/app': ['server/cli'],
  'server/config': ['server/cli', 'server/main', 'server/registry', 'server/taste'],
  'extension/entrypoints': [],
};

/** Packages that one place alone may import, so that they can be replaced there. */
const SOLE_IMPORTERS: Record<string, readonly string[]> = {
  'onnxruntime-node': ['server/runtime'],
  sharp: ['server/image'],
  protobufjs: ['server/onnx', 'server/interchange'],
  hono: ['server/http', 'server/demo', 'server/app'],
  '@hono/node-server': ['server/http'],
  'node:child_process': ['server/child'],
  'node:sqlite': ['server/taste', 'server/files'], // locks
  commander: ['server/cli', 'server/main'],
  'webextension-polyfill': [
    'extension/browser', // its types, for the API that content scripts use without it
    'extension/own-messages',
    'extension/background',
    'extension/entrypoints',
  ],
  wxt: ['extension/entrypoints'],
  idb: ['extension/storage'],
  preact: ['studio'],
};

/** Opens sharp with four decoders and no others. Bytes decoded without it would reach every decoder of libvips. */
const FOUR_DECODERS = 'server/src/image/sharp.ts';

/** A command parses, calls one use case, and prints. What these do is the work of other rooms. */
const NOT_IN_CLI = {
  rooms: ['server/onnx', 'server/googlenet'],
  packages: ['node:fs', 'node:child_process', 'node:crypto', 'node:http', 'node:https', 'node:net'],
};

/** What decompresses: `fetch` and WebSocket do so without being asked. */
const DECODING = ['fetch', 'WebSocket', 'EventSource', 'DecompressionStream'];

/** Passes Hono's own `fetch`, which answers requests, to Node's server. */
const HONO_SERVER = 'server/src/http/listen.ts';

/** Writes to the terminal. Anything else might print a name that has escape sequences. */
const TERMINAL = 'server/src/cli/terminal.ts';
const PRINTING = ['console.log', 'console.error', 'console.warn', 'console.info', 'process.stdout.write'];

/** Defines every command, and prints what it returns. */
const COMMAND_DEFINITION = 'server/src/cli/command.ts';

/** Watches the page's own requests, which it can only do by their names; it makes none. */
const WATCHES_TRAFFIC = 'extension/src/sites/tinder/page-data/observe-traffic.ts';

/** Runs in the page's own world, where nothing may weigh, throw, or have the extension's rights. */
const PAGE_WORLD = 'extension/src/entrypoints/recs-observer.content.ts';

/** The program of an engine's process. */
const ENGINE_PROGRAM = 'server/src/inference/engine-process.ts';

/** The program of a decoder's process. */
const DECODER_PROGRAM = 'server/src/inference/decoding/decoder-process.ts';

/** Decodes photos, or unpacks prepared ones, in the process that calls it, which can't end it. */
const DECODE = 'server/src/image/decoding/decode.ts';
const UNPACK = 'server/src/image/unpacked-gray.ts';

/** A content script: it is loaded into every tab of its site. */
const CONTENT_SCRIPT = /^extension\/src\/entrypoints\/(.+)\.content\.ts$/;

/** Applies the decision rule to swipes of the past, to show what another threshold would change. */
const PREVIEW = 'extension/src/entrypoints/options/threshold-preview.ts';

/** What `shared/` may import from outside: it also runs in a page. */
const SHARED_PACKAGES = ['zod'];

/** A path below the data folder that is put together by hand: from a `home`, or from the name of what is in it. */
const BELOW_HOME =
  /\bjoin\(\s*(?:\w+\.)*home\b|\$\{(?:\w+\.)*home(?:\.folder)?\}[/\\]|\bjoin\([^)]*'(?:token|devices|servers|active-model\.json|models|runs)'/;

/** Files over 300 lines need a reason, and it stands here. */
const LONG_FILES: Record<string, string> = {
  'extension/src/messages.ts': 'the list of what a page and the worker say to each other',
};

const files = sourceFiles('{extension,server,shared}/src/**/*.ts', 'server/studio/src/**/*.{ts,tsx}');

/** The room a file is in: `server/src/image/decoding/decode.ts` → `server/image`, `server/src/app.ts` → `server/app`. */
function roomOf(path: string): string {
  const [workspace, folder, second = ''] = path.split('/');
  if (folder === 'public') return 'extension/public';
  if (folder === 'studio') return 'studio';
  return workspace === 'shared' ? 'shared' : `${workspace}/${second.replace(/\.ts$/, '')}`;
}

/** The files that a program loads, and the packages that they import. */
function reachedFrom(program: string): { reached: readonly string[]; packages: readonly string[] } {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const importsOf = (path: string) => byPath.get(path)?.imports.filter(({ typesOnly }) => !typesOnly) ?? [];
  const reached = new Set([program]);
  for (const path of reached) for (const { file } of importsOf(path)) if (file) reached.add(file);
  const packages = [...reached].flatMap(importsOf).flatMap(({ packageName }) => packageName ?? []);
  return { reached: [...reached], packages: [...new Set(packages)] };
}

const violations = (rule: (file: SourceFile) => string[]) =>
  files.flatMap((file) => rule(file).map((what) => `${file.path}: ${what}`));

describe('the import matrix', () => {
  it('has a row for every room, and no row for a room that is gone', () => {
    expect([...new Set(files.map(({ path }) => roomOf(path)))].toSorted()).toEqual(Object.keys(MAY_IMPORT).toSorted());
  });

  it('holds: a room imports only from the rooms it may', () => {
    const found = violations(({ path, imports }) => {
      const room = roomOf(path);
      const allowed = [room, ...OPEN_TO_ALL, ...(MAY_IMPORT[room] ?? [])];
      const reached = imports.flatMap(({ file }) => (file ? [roomOf(file)] : []));
      return reached
        .filter((other) => !allowed.includes(other) && !allowed.includes(`${other.split('/')[0]}/*`))
        .map((other) => `${room} may not import ${other}`);
    });
    expect(found).toEqual([]);
  });

  it('lets nothing but types through where it says so', () => {
    const found = violations(({ path, imports }) =>
      imports
        .filter(({ file, typesOnly }) => file && !typesOnly && TYPES_ONLY[roomOf(path)]?.includes(roomOf(file)))
        .map(({ specifier }) => `imports more than types from ${specifier}`),
    );
    expect(found).toEqual([]);
  });

  it('keeps entry points from being imported', () => {
    const found = violations(({ path, imports }) =>
      imports
        .flatMap(({ file }) => (file && roomOf(file) !== roomOf(path) ? [roomOf(file)] : []))
        .filter((room) => ONLY_IMPORTED_BY[room]?.includes(roomOf(path)) === false)
        .map((room) => `${room} is an entry point`),
    );
    expect(found).toEqual([]);
  });

  it('gives packages with a sole importer to nobody else', () => {
    const found = violations(({ path, imports }) =>
      imports
        .filter(({ packageName }) => SOLE_IMPORTERS[packageName ?? '']?.includes(roomOf(path)) === false)
        .map(
          ({ packageName }) => `${packageName} is imported only in ${SOLE_IMPORTERS[packageName ?? '']?.join(', ')}`,
        ),
    );
    expect(found).toEqual([]);
  });

  it('reaches libvips only where its other decoders are blocked', () => {
    const found = violations(({ path, imports }) =>
      path !== FOUR_DECODERS && imports.some(({ packageName }) => packageName === 'sharp')
        ? [`imports sharp itself and not ${FOUR_DECODERS}`]
        : [],
    );
    expect(found).toEqual([]);
  });

  it('has nothing in the server that decodes what a stranger compressed (docs/known-advisories.json)', () => {
    const found = violations(({ path, imports, identifiers }) =>
      path.startsWith('server/src/') && path !== HONO_SERVER && path !== UNPACK
        ? [
            ...DECODING.filter((name) => identifiers.has(name)),
            ...imports.flatMap(({ packageName }) =>
              ['node:zlib', 'undici'].includes(packageName ?? '') ? [packageName] : [],
            ),
          ].map((name) => `uses ${name}`)
        : [],
    );
    expect(found).toEqual([]);
  });

  it('keeps commands to parsing, calling a use case, and printing', () => {
    const found = violations(({ path, imports }) => {
      if (roomOf(path) !== 'server/cli') return [];
      const work = imports.filter(
        ({ file, packageName = '' }) =>
          (file && NOT_IN_CLI.rooms.includes(roomOf(file))) || NOT_IN_CLI.packages.includes(packageName),
      );
      if (path === COMMAND_DEFINITION) return work.map(({ specifier }) => `imports ${specifier}`);
      const commander = imports.filter(({ packageName, typesOnly }) => packageName === 'commander' && !typesOnly);
      return [
        ...work.map(({ specifier }) => `imports ${specifier}`),
        ...commander.map(() => `makes a command without defineCommand of ${COMMAND_DEFINITION}`),
      ];
    });
    expect(found).toEqual([]);
  });

  it('prints only where control characters are escaped', () => {
    const found = violations(({ path, identifiers }) =>
      path.startsWith('server/') && path !== TERMINAL
        ? PRINTING.filter((name) => identifiers.has(name)).map((name) => `uses ${name} and not ${TERMINAL}`)
        : [],
    );
    expect(found).toEqual([]);
  });

  it('keeps shared/ pure: zod/mini, and nothing of the DOM or of Node', () => {
    const found = violations(({ path, imports, identifiers }) => {
      if (roomOf(path) !== 'shared') return [];
      const foreign = imports.filter(({ packageName }) => packageName && !SHARED_PACKAGES.includes(packageName));
      const classicZod = imports.filter(({ specifier }) => specifier === 'zod');
      return [
        ...foreign.map(({ specifier }) => `imports ${specifier}`),
        ...classicZod.map(() => 'imports classic zod, which doubles a content script'),
        ...NOT_IN_SHARED.filter((name) => identifiers.has(name)).map((name) => `uses ${name}`),
      ];
    });
    expect(found).toEqual([]);
  });

  it('keeps zod in the extension’s worker, its sites off the browser’s API, and its page code off the network', () => {
    const found = violations(({ path, imports, text }) => {
      const room = roomOf(path);
      if (!room.startsWith('extension/')) return [];
      const zod = imports.filter(({ specifier, packageName }) =>
        room === 'extension/background' ? specifier === 'zod' : packageName === 'zod',
      );
      const quiet = ['extension/sites', 'extension/page'].includes(room) && path !== WATCHES_TRAFFIC;
      const off = quiet ? /\bfetch\(|XMLHttpRequest|\bbrowser\./.exec(text) : null;
      return [...zod.map(({ specifier }) => `imports ${specifier}`), ...(off ? [`uses ${off[0]}`] : [])];
    });
    expect(found).toEqual([]);
  });

  it('gives the page’s world neither schemas nor the browser’s API', () => {
    const { reached, packages } = reachedFrom(PAGE_WORLD);
    expect(reached).toContain(WATCHES_TRAFFIC);
    for (const name of ['parse', 'browser']) expect(reached).not.toContain(`extension/src/${name}.ts`);
    expect(packages).toEqual(['wxt']);
  });

  it('keeps an engine’s program small, because every restart loads it', () => {
    const { packages } = reachedFrom(ENGINE_PROGRAM);
    expect(packages.filter((name) => !name.startsWith('node:'))).toEqual(['onnxruntime-node']);
  });

  it('keeps a decoder’s program small, and decodes the photos of strangers nowhere else', () => {
    const { packages, reached } = reachedFrom(DECODER_PROGRAM);
    expect(packages.filter((name) => !name.startsWith('node:'))).toEqual(['sharp']);
    for (const decoding of [DECODE, UNPACK]) expect(reached).toContain(decoding);
    const found = violations(({ path, imports }) =>
      ['server/inference', 'server/http'].includes(roomOf(path)) && path !== DECODER_PROGRAM
        ? imports
            .filter(({ file }) => file === DECODE || file === UNPACK)
            .map(() => `decodes and isn’t ${DECODER_PROGRAM}`)
        : [],
    );
    expect(found).toEqual([]);
  });

  it('loads no package into a dating page: neither zod nor webextension-polyfill', () => {
    const scripts = files.filter(({ path }) => CONTENT_SCRIPT.test(path));
    expect(scripts.length).toBeGreaterThan(1);
    for (const { path } of scripts) {
      const { packages } = reachedFrom(path);
      expect({ path, packages }).toEqual({ path, packages: ['wxt'] });
    }
  });

  it('learns from words only in the worker: a dating page loads nothing of it but how a verdict is joined', () => {
    for (const { path } of files.filter((file) => CONTENT_SCRIPT.test(file.path))) {
      const words = reachedFrom(path).reached.filter((file) => roomOf(file) === 'extension/words');
      expect(words.filter((file) => file !== 'extension/src/words/joined-verdict.ts')).toEqual([]);
    }
  });

  it('has a content script for each site of the list', () => {
    const list = files.find(({ path }) => path === 'extension/src/sites/index.ts');
    const sites = [...list!.text.matchAll(/^export \{ (\w+) \} from/gm)].map(([, name]) => name!);
    expect(sites).toContain('tinder');
    const scripts = files.flatMap(({ path }) => CONTENT_SCRIPT.exec(path)?.[1] ?? []);
    expect(sites.filter((name) => !scripts.includes(name))).toEqual([]);
  });

  it('lets the server alone decide: the extension calls the rule only to preview a threshold, on its own page', () => {
    const found = violations(({ path, identifiers }) =>
      path.startsWith('extension/') && path !== PREVIEW && (identifiers.has('decide') || identifiers.has('labelOf'))
        ? ['decides by itself']
        : [],
    );
    expect(found).toEqual([]);
  });

  it('has no cycle', () => {
    const byPath = new Map(files.map((file) => [file.path, file]));
    const done = new Set<string>();
    const visit = (path: string, way: readonly string[]): string[] => {
      if (way.includes(path)) return [[...way.slice(way.indexOf(path)), path].join(' → ')];
      if (done.has(path)) return [];
      const cycles = (byPath.get(path)?.imports ?? []).flatMap(({ file }) => (file ? visit(file, [...way, path]) : []));
      done.add(path);
      return cycles;
    };
    expect(files.flatMap(({ path }) => visit(path, []))).toEqual([]);
  });

  it('reaches only files that exist', () => {
    const found = violations(({ imports }) =>
      imports.filter(({ file }) => file && !existsSync(join(ROOT, file))).map(({ specifier }) => specifier),
    );
    expect(found).toEqual([]);
  });
});

describe('every source file', () => {
  it('has at most 300 lines, or a reason', () => {
    const found = violations(({ path, text }) => {
      const lines = text.split('\n').length;
      return lines > 300 && !LONG_FILES[path] ? [`${lines} lines`] : [];
    });
    expect(found).toEqual([]);
  });

  it('takes time and chance as arguments', () => {
    const found = violations(({ path, identifiers }) =>
      TIME_KEEPERS.includes(path)
        ? []
        : TIME_AND_CHANCE.filter((name) => identifiers.has(name)).map((name) => `uses ${name}`),
    );
    expect(found).toEqual([]);
  });

  it('takes SHA-256 from files/sha256.ts', () => {
    const found = violations(({ path, identifiers }) =>
      identifiers.has('createHash') && path !== 'server/src/files/sha256.ts' ? ['calls createHash'] : [],
    );
    expect(found).toEqual([]);
  });

  it('takes every path below the data folder from home/home.ts', () => {
    // The `home` of setup-cuda.ts is a folder of onnxruntime-node.
    const allowed = ['server/src/home/home.ts', 'server/src/doctor/provider/setup-cuda.ts'];
    const found = violations(({ path, text }) => {
      const made = path.startsWith('server/') && !allowed.includes(path) ? BELOW_HOME.exec(text) : null;
      return made ? [`puts a path together: ${made[0]}`] : [];
    });
    expect(found).toEqual([]);
  });

  it('reads the environment in config.ts alone', () => {
    const allowed = [
      'server/src/config/settings.ts',
      'server/src/config/machine.ts',
      'server/src/config/npm-flags.ts',
      'server/src/child/child.ts',
    ]; // the latter passes it on to its child
    const found = violations(({ path, text }) =>
      /\bprocess\.env\b|\benv\b[^=]*=\s*process\b/.test(text) && !allowed.includes(path) ? ['reads process.env'] : [],
    );
    expect(found).toEqual([]);
  });
});

describe('the documentation', () => {
  const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
  const headings = (text: string, level: string) =>
    [...text.matchAll(new RegExp(`^${level} \`([^\`]+)\`$`, 'gm'))].map((match) => match[1]!);

  it('has one entry for each error code, with its cause and what to do, and none for a removed code', () => {
    const text = read('docs/failure-modes.md');
    expect(headings(text, '###').toSorted()).toEqual(
      [...new Set([...Object.keys(errorDefinitions), ...COMMAND_ERROR_CODES])].toSorted(),
    );
    const entries = text.split(/^### /m).slice(1);
    const incomplete = entries.filter((entry) => !/\*\*Cause\.\*\*/.test(entry) || !/\*\*What to do\.\*\*/.test(entry));
    expect(incomplete.map((entry) => entry.split('\n')[0])).toEqual([]);
  });

  it('names every reason that lies with a proxy, and none that is gone', () => {
    const section = read('docs/failure-modes.md').split('## Errors of a proxy\n')[1]?.split('\n## ')[0];
    const named = [...section!.matchAll(/^\| `(proxy_\w+)`/gm)].map(([, reason]) => reason);
    expect(named.toSorted()).toEqual(REASON_CODES.filter((reason) => reason.startsWith('proxy_')).toSorted());
  });

  it('names every fault of a replica, and none that is gone', () => {
    const section = read('docs/failure-modes.md').split('## Errors of a replica\n')[1]?.split('\n## ')[0];
    const named = [...section!.matchAll(/^\| `(replica_\w+)`/gm)].map(([, fault]) => fault);
    expect(named.toSorted()).toEqual([...REPLICA_FAULTS].toSorted());
  });

  it('names every route and every setting in docs/server.md', () => {
    const text = read('docs/server.md');
    const routes = Object.values(ROUTES).map(({ method, path }) => `${method} ${path}`);
    const variables = Object.values(settings).map(({ variable }) => variable);
    const flags = Object.values(settings).map(({ flag }) => flag.split(' ')[0]!);
    expect([...routes, ...variables, ...flags].filter((name) => !text.includes(name))).toEqual([]);
  });

  it('names only paths that exist', () => {
    const documents = [
      'README.md',
      'CONTRIBUTING.md',
      ...readdirSync(join(ROOT, 'docs'))
        .filter((name) => name.endsWith('.md'))
        .map((name) => `docs/${name}`),
    ];
    const missing = documents.flatMap((document) => {
      const linked = [...read(document).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map((match) =>
        join(document, '..', match[1]!),
      );
      const named = [...read(document).matchAll(/`((?:docs|server|shared|test|extension)\/[\w./-]+)`/g)].map(
        (match) => match[1]!,
      );
      return [...linked, ...named]
        .filter((path) => !existsSync(join(ROOT, path)))
        .map((path) => `${document}: ${path}`);
    });
    expect(missing).toEqual([]);
  });
});
