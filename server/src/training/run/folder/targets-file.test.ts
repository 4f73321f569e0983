import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../../test/support/temporary-folder.ts';
import { sha256 } from '../../../files/sha256.ts';
import { encodeTargets, readTargets, writeTargets } from './targets-file.ts';

const photos = [{ id: 'a1' }, { id: 'b2' }, { id: 'c3' }];
const targets = Float32Array.of(0.1, 1 / 3, 0, 9.87654321, 1e-7, 0);

describe('a run’s targets', () => {
  it('come back bit for bit, and can be read by people', async () => {
    const folder = temporaryFolder();
    const contents = encodeTargets(photos, targets);
    await writeTargets(folder, contents);
    expect(await readTargets(folder, sha256(contents))).toEqual(targets);
    const [, second] = readFileSync(join(folder, 'targets.jsonl'), 'utf8').split('\n');
    expect(JSON.parse(second!)).toEqual({ id: 'b2', NOPE: 0, LIKE: Math.fround(9.87654321) });
  });

  it('are rejected if the file is missing or was changed', async () => {
    const folder = temporaryFolder();
    const contents = encodeTargets(photos, targets);
    await expect(readTargets(folder, sha256(contents))).rejects.toMatchObject({ code: 'run_missing' });
    await writeTargets(folder, contents);
    appendFileSync(join(folder, 'targets.jsonl'), '{"id":"d4","NOPE":1,"LIKE":0}\n');
    await expect(readTargets(folder, sha256(contents))).rejects.toMatchObject({
      code: 'run_invalid',
      message: expect.stringContaining('was changed'),
    });
  });
});
