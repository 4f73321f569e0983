import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { ReservedFile } from './reserved-file.ts';

it('becomes a file with the text, and leaves no other', async () => {
  const folder = temporaryFolder();
  const reserved = await ReservedFile.create(join(folder, 'reserve'));
  expect(readdirSync(folder)).toEqual(['reserve']);
  await reserved.become(join(folder, 'end.json'), '{"why":"größer"}');
  expect(readdirSync(folder)).toEqual(['end.json']);
  expect(JSON.parse(readFileSync(join(folder, 'end.json'), 'utf8'))).toEqual({ why: 'größer' });
});

it('takes at most as much as was reserved, counted in bytes', async () => {
  const folder = temporaryFolder();
  const reserved = await ReservedFile.create(join(folder, 'reserve'));
  await expect(reserved.become(join(folder, 'end.json'), 'ö'.repeat(2049))).rejects.toThrow(RangeError);
  expect(readdirSync(folder)).toEqual(['reserve']);
  await reserved.become(join(folder, 'end.json'), 'ö'.repeat(2048));
  expect(readFileSync(join(folder, 'end.json'), 'utf8')).toBe('ö'.repeat(2048));
});
