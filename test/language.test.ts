import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, sourceFiles } from './support/source-files.ts';

// How the project speaks: CONTRIBUTING.md, "How we write". A failure names the file and the phrase, and says what to write.

/** Phrases that no native speaker would write here, and what to write instead. */
const INSTEAD: readonly (readonly [RegExp, string])[] = [
  [/\bgo(?:es|ne)? on with\b|\bwent on with\b/i, 'continues, resumes'],
  [/\b(?:is|are) told\b/i, 'reports, is notified'],
  [/\bsays what (?:it|they) takes?\b/i, 'lists the accepted values'],
  [/\b(?:is|are) no (?:number|folder|file|model|photo|data ?set)\b/i, 'is not a …'],
  [/\band is none\b|\bthere (?:is|are) none of\b/i, 'doesn’t have one'],
  [/\bso (?:many|much) (?:photos|bytes|milliseconds|times|tasks)\b/i, 'a limit of N, N …'],
  [/\bhas given up\b/i, 'has lost, stopped'],
  [/\bnothing answers at\b/i, 'can’t reach'],
  [/\bhas reached your limit\b/i, 'you’ve reached your limit'],
  [/\bwhoever\b|\bwhosoever\b/i, 'anyone who, the caller'],
  [/\b(?:a|an) (?:minute|day|session|second|photo|batch|core|file) each\b/i, 'per …'],
  [/\bmeanwhile exchanged\b|\bmodel is exchanged\b/i, 'switches models'],
  [/\bcannot be known\b/i, 'isn’t known'],
  [/\bat work\b/i, 'running'],
  [/\bby itself again\b/i, 'automatically'],
  [/\blearnt\b|\bspoilt\b|\bburnt\b/i, 'learned, spoiled, burned'],
  [
    /\bcolours?\b|\bgrey\b|\bcentres?\b|\bcancelled\b|\brecognis|\binitialis|\bnormalis|\bquantis|\bcatalogue\b|\bneighbour|\bbehaviour|\bartefact/i,
    'American spelling',
  ],
];

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const sources = sourceFiles('{extension,server,shared}/src/**/*.ts', 'server/studio/src/**/*.{ts,tsx}');

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];

const english: Record<string, { message: string }> = JSON.parse(read('extension/public/_locales/en/messages.json'));

/** Every text that people read: documents without their commands, the extension's messages, and the source. */
const texts: readonly (readonly [where: string, text: string])[] = [
  ...documents.map((path) => [path, read(path).replaceAll(/^ {4}.*$|`[^`\n]*`/gm, '')] as const),
  ...Object.entries(english).map(([key, { message }]) => [`messages.json ${key}`, message] as const),
  ...sources.map(({ path, text }) => [path, text] as const),
];

describe('the language', () => {
  it.each(INSTEAD)('has no %s', (phrase, instead) => {
    const found = texts.flatMap(([where, text]) => {
      const match = phrase.exec(text);
      return match ? [`${where}: “${match[0]}”; write: ${instead}`] : [];
    });
    expect(found).toEqual([]);
  });

  it('has no docstring that only points elsewhere', () => {
    const found = sources.flatMap(({ path, docstrings }) =>
      docstrings.filter((text) => /^See \{@link [\w.]+\}\.?$/.test(text)).map((text) => `${path}: ${text}`),
    );
    expect(found).toEqual([]);
  });

  it('wraps documents at 100 columns, or not at all', () => {
    const long = documents.flatMap((path) => {
      const paragraphs = read(path).split(/\n{2,}/);
      const wrapped = paragraphs.filter((text) => text.includes('\n') && !/^(\||#| {4}|<|```|\[)/m.test(text));
      return wrapped.flatMap((text) =>
        text
          .split('\n')
          .flatMap((line) =>
            line.length > 100 && /\s/.test(line.slice(0, 100).trim()) ? [`${path}: ${line.slice(0, 60)}…`] : [],
          ),
      );
    });
    expect(long).toEqual([]);
  });

  it('keeps the README to 130 lines', () => {
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(131);
  });
});
