import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { EXTENSION_FOLDER } from '../support/extension-browser.ts';

const manifestSchema = z.looseObject({
  content_scripts: z.array(
    z.looseObject({ js: z.array(z.string()), world: z.string().optional(), run_at: z.string().optional() }),
  ),
});

/** A copy of the production build whose content scripts run on their own clock (see own-clock.js). */
export class ClockedExtension {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Copies the build and prepends the clock to its content scripts. */
  static async make(): Promise<ClockedExtension> {
    const folder = await mkdtemp(join(tmpdir(), 'swipenet-clocked-'));
    await cp(EXTENSION_FOLDER, folder, { recursive: true });
    const clock = await readFile(new URL('own-clock.js', import.meta.url), 'utf8');
    const manifest = manifestSchema.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')));
    // Scripts in the page's own world, and those that only listen from the start, don't wait for anything. The latter
    // share the clock's world, which must not have two of them.
    const waits = manifest.content_scripts.filter(
      ({ world, run_at: at }) => world !== 'MAIN' && at !== 'document_start',
    );
    const scripts = waits.flatMap(({ js }) => js);
    for (const script of new Set(scripts)) {
      const path = join(folder, script);
      await writeFile(path, `${clock}\n${await readFile(path, 'utf8')}`);
    }
    return new ClockedExtension(folder);
  }

  /** Removes the copy. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
