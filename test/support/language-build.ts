import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXTENSION_FOLDER } from './extension-browser.ts';

/** The extension's texts in one language. */
export type Texts = Readonly<Record<string, { readonly message: string }>>;

/** Reads the texts of the production build, by the folder of a language, such as `pt_BR`. */
export async function builtTexts(folder: string): Promise<Texts> {
  return JSON.parse(await readFile(join(EXTENSION_FOLDER, '_locales', folder, 'messages.json'), 'utf8'));
}

/**
 * Copies the production build and leaves only these texts in it, in place of the default language. Any browser then shows
 * them: which languages a Chromium itself can run in depends on how it was packaged. Returns the folder, to be removed.
 */
export async function buildWithTexts(texts: Texts): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'swipenet-language-'));
  await cp(EXTENSION_FOLDER, folder, { recursive: true });
  await rm(join(folder, '_locales'), { recursive: true });
  await mkdir(join(folder, '_locales/en'), { recursive: true });
  await writeFile(join(folder, '_locales/en/messages.json'), JSON.stringify(texts));
  return folder;
}

const PLAIN = 'AaBbCcDdEeGgHhIiJjKkLlNnOoRrSsTtUuWwYyZz';
const ACCENTED = 'ÅåƁƀÇçĐđÉéĜĝĤĥÎîĴĵĶķĻļÑñÖöŔŕŠšŢţÛûŴŵÝýŽž';

/** What stays as it is: placeholders and the syntax of plurals. */
const SYNTAX = /(\$\d|\{\d, plural,| (?:zero|one|two|few|many|other) \{|\})/;

/**
 * Makes texts in a language that doesn't exist: English with accents, whose words are longer by 40%. A page that
 * is tested with it shows which texts aren't translated, and what doesn't fit.
 */
export function pseudoTexts(english: Texts): Texts {
  return Object.fromEntries(
    Object.entries(english).map(([key, { message }]) => {
      const isRead = key !== 'language' && key !== 'text_direction';
      return [key, { message: isRead ? message.split(SYNTAX).map(pseudo).join('') : message }];
    }),
  );
}

/** `split` puts the syntax at odd places. */
function pseudo(part: string, at: number): string {
  if (at % 2 === 1) return part;
  return part.replaceAll(/[a-z]+/gi, (word) =>
    Array.from(word, (letter, index) => accented(letter).repeat(index % 5 === 1 || index % 5 === 3 ? 2 : 1)).join(''),
  );
}

const accented = (letter: string) => ACCENTED[PLAIN.indexOf(letter)] ?? letter;
