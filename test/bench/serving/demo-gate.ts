import { TASTES } from '@swipenet/server/demo/tastes.ts';
import { scoreAnswerSchema } from '@swipenet/shared/contract/score.ts';
import { swipeAnswerSchema } from '@swipenet/shared/contract/swipes.ts';
import { tasteAnswerSchema } from '@swipenet/shared/contract/taste.ts';
import * as z from 'zod';
import type { Figure } from '../report.ts';
import { type MeasuredServer, startSwipenet } from './measured-server.ts';

/** If the gate isn't open by then, it is reported as never. */
const MAX_LABELS = 400;

const profilesSchema = z.array(z.object({ id: z.string(), photoCount: z.int(), wouldLike: z.boolean() }));

/**
 * Plays people with the demo page's tastes against a real server, in Learn: each profile is scored, decided behind a
 * hidden verdict, and swiped, until the gate opens. After every ten swipes, the person waits for the version that is being
 * learned. Measures how many labels that takes.
 */
export async function demoGate({ seed = 1 }: { readonly seed?: number | undefined }): Promise<Figure[]> {
  const figures: Figure[] = [];
  const drawn = new Map<string, Blob>();
  for (const taste of TASTES) {
    const server = await startSwipenet([]);
    try {
      const { labels, likes, version, lowerBound, msPerLabel } = await untilOpen(server, taste, seed, drawn);
      figures.push(
        { key: `${taste}Labels`, name: `${taste}: labels until the gate opens`, value: labels, unit: 'labels' },
        { key: `${taste}Likes`, name: '  of them likes', value: likes, unit: 'labels' },
        { key: `${taste}FirstVersion`, name: '  labels until the first version', value: version, unit: 'labels' },
        { key: `${taste}Bound`, name: '  lower bound of the agreement then', value: 100 * lowerBound, unit: '%' },
        { key: `${taste}MsPerLabel`, name: '  storing a label over HTTP', value: msPerLabel, unit: 'ms' },
      );
    } finally {
      await server.stop();
    }
  }
  return figures;
}

async function untilOpen(server: MeasuredServer, taste: string, seed: number, drawn: Map<string, Blob>) {
  const query = `seed=${seed}&profiles=${MAX_LABELS}&taste=${taste}`;
  const profiles = profilesSchema.parse(await (await fetch(`${server.url}/demo/profiles?${query}`)).json());
  let version = Number.NaN;
  let likes = 0;
  let lowerBound = 0;
  let spentMs = 0;
  for (const [at, { id, photoCount, wouldLike }] of profiles.entries()) {
    const form = new FormData();
    for (let photo = 0; photo < photoCount; photo += 1) {
      const path = `/demo/photos/${id}/${photo}.jpg`;
      const bytes = drawn.get(path) ?? (await (await fetch(server.url + path)).blob());
      drawn.set(path, bytes);
      form.append('photo', bytes, 'photo.jpg');
    }
    form.set('learn', '1');
    const { scoreId, decision, model } = scoreAnswerSchema.parse(await ask(server, 'POST', '/v1/score', form));
    if (model.startsWith('taste-') && Number.isNaN(version)) version = at;
    const fields = {
      ...{ scoreId, site: 'demo', profile: id, swipe: wouldLike ? 'right' : 'left' },
      ...{ decision: decision.swipe, decidedBy: 'network', verdict: 'hidden' },
    };
    const begin = performance.now();
    const answer = swipeAnswerSchema.parse(await ask(server, 'POST', '/v1/swipes', JSON.stringify(fields)));
    spentMs += performance.now() - begin;
    likes = answer.likes;
    lowerBound = answer.agreement.lowerBound;
    const labels = at + 1;
    if (answer.agreement.isOpen) return { labels, likes, version, lowerBound, msPerLabel: spentMs / labels };
    while (tasteAnswerSchema.parse(await ask(server, 'GET', '/v1/taste')).learning.isRunning) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return { labels: Number.NaN, likes, version, lowerBound, msPerLabel: spentMs / profiles.length };
}

async function ask({ url, token }: MeasuredServer, method: string, path: string, body?: FormData | string) {
  const headers = { Authorization: `Bearer ${token}` };
  const response = await fetch(url + path, { method, headers, ...(body !== undefined && { body }) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return await response.json();
}
