import { MOST_DROPS } from '@swipenet/shared/contract/studio/photos.ts';
import { describe, expect, it } from 'vitest';
import { testStudio } from '../../../../../test/support/studio.ts';
import { requestStudio } from '../../../../../test/support/studio-request.ts';

/** Asks a server without datasets about one. */
async function ask(method: 'GET' | 'POST', path: string, body?: string) {
  const sent = { method, ...(body !== undefined && { body }) };
  const response = await requestStudio(testStudio(), `/v1/studio/datasets/c0ffee/${path}`, sent);
  const { error } = (await response.json()) as { error: { code: string } };
  return [response.status, error.code];
}

const dropsWith = (fields: object) =>
  JSON.stringify({ drop: [1], keep: [], keepPairs: [], reopenPairs: [], ...fields });

describe('look-alikes of a dataset', () => {
  it.each([
    ['no JSON', '{'],
    ['no list of photos to keep', '{"drop": [1], "keepPairs": [], "reopenPairs": []}'],
    ['a number that no photo has', dropsWith({ drop: [-1] })],
    ['a pair that has its higher number first', dropsWith({ keepPairs: [[7, 3]] })],
    ['a pair of three', dropsWith({ reopenPairs: [[3, 7, 8]] })],
    ['too many photos', dropsWith({ drop: Array.from({ length: MOST_DROPS + 1 }, (_, at) => at) })],
    ['too many pairs', dropsWith({ keepPairs: Array.from({ length: MOST_DROPS + 1 }, (_, at) => [at, 99]) })],
    ['an unknown field', dropsWith({ label: 'LIKE' })],
  ])('aren’t dropped by a body with %s', async (_, body) => {
    expect(await ask('POST', 'drops', body)).toEqual([400, 'body_malformed']);
  });

  it('are unknown if the dataset was deleted', async () => {
    expect(await ask('GET', 'pairs')).toEqual([404, 'studio_unknown']);
    expect(await ask('POST', 'drops', dropsWith({ keepPairs: [[3, 7]] }))).toEqual([404, 'studio_unknown']);
  });
});
