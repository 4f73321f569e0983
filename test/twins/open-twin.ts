// `node test/twins/open-twin.ts [STATE] [--shots FOLDER]`: the twin in a window with the extension's production build, at
// a state of test/twins/tinder/states.ts; or a picture of each state, without the extension, in a folder.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { CHROMIUM_ADVICE, findChromium } from '../support/find-chromium.ts';
import { TwinServer } from './tinder/server.ts';
import { STATES, statesOfDeck } from './tinder/states.ts';
import { openTinderBrowser, twinArguments } from './tinder-browser.ts';

const { values, positionals } = parseArgs({ options: { shots: { type: 'string' } }, allowPositionals: true });
const executablePath = findChromium();
const twin = await TwinServer.start({ photos: 'drawn', profiles: 200 });
const states = [...STATES, ...statesOfDeck(twin.deck)];
const wanted = positionals.length > 0 ? states.filter(({ name }) => positionals.includes(name)) : states;
if (!executablePath || wanted.length === 0) {
  const names = states.map(({ name }) => name).join(', ');
  console.error(executablePath ? `there is no such state; there are ${names}` : CHROMIUM_ADVICE);
  process.exit(2);
}
try {
  if (values.shots) await shoot(executablePath, values.shots);
  else await show(executablePath);
} finally {
  await twin.close();
}

async function shoot(path: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath: path, args: twinArguments(twin) });
  const page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
  for (const state of wanted) {
    await page.goto(`https://tinder.com${state.path}`);
    await page.waitForTimeout(700); // pictures, and what comes late by design
    await page.screenshot({ path: join(folder, `${state.name}.png`) });
    console.log(state.name);
  }
  await browser.close();
}

async function show(path: string): Promise<void> {
  const browser = await openTinderBrowser(path, twin, { headless: false });
  const closed = new Promise((resolved) => browser.context.once('close', resolved));
  const page = await browser.context.newPage();
  await page.goto(`https://tinder.com${wanted[0]!.path}`);
  await Promise.race([closed, new Promise((asked) => process.once('SIGINT', asked))]);
  await browser.close();
}
