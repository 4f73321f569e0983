import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DecisionRule } from '@swipenet/shared/decision.ts';
import { expect, it } from 'vitest';
import { writeLabeledPhotos } from '../support/labeled-photos.ts';
import { addOwnModel } from '../support/own-model.ts';
import { runSwipenet, startServer } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const RULE: DecisionRule = { rule: 'profile', threshold: 0.55, largestShare: 0.6, perLogCount: -0.4 };

/** The rule, written down a second time. */
function probability(likes: readonly number[]): number {
  const logits = likes.map((like) => Math.log(like / (1 - like)));
  const mean = logits.reduce((sum, logit) => sum + logit, 0) / logits.length;
  return 1 / (1 + Math.exp(-(0.6 * Math.max(...logits) + 0.4 * mean - 0.4 * Math.log(likes.length))));
}

it('a model with the rule profile decides so in score, in evaluate and on the server', async () => {
  const home = temporaryFolder();
  addOwnModel(home, 'mine', { threshold: undefined, decision: RULE });
  const cwd = temporaryFolder();
  await writeLabeledPhotos(cwd, { LIKE: 4, NOPE: 4 }, 2);
  const run = async (...parameters: string[]) => {
    const { code, stdout, stderr } = await runSwipenet([...parameters, '--model', 'mine'], { home, cwd }).ended;
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };

  const scored = JSON.parse(await run('score', 'like', 'nope', '--json'));
  expect(scored).toMatchObject({ threshold: 0.55, rule: RULE });
  for (const { photos, decision } of scored.profiles) {
    const likes = photos.map(({ like }: { like: number }) => like);
    expect(decision.like).toBeCloseTo(probability(likes), 9);
    const liked = decision.like >= 0.55;
    expect(decision).toMatchObject({
      swipe: liked ? 'right' : 'left',
      reason: liked ? 'profile_liked' : 'profile_not_liked',
    });
  }
  expect(await run('score', 'like', '--threshold', '1')).toMatch(
    /→ left: together \d+\.\d\d%, below 100\.00%; the surest/,
  );

  const labeled = ['--like', 'like', '--nope', 'nope'];
  const evaluated = JSON.parse(await run('evaluate', ...labeled, '--json'));
  expect(evaluated).toMatchObject({ rule: RULE, profiles: { count: scored.profiles.length, held: 0 } });
  const right = ({ decision }: { decision: { swipe: string } }) => decision.swipe === 'right';
  const { LIKE, NOPE } = evaluated.profiles.confusion;
  expect(LIKE.LIKE + NOPE.LIKE).toBe(scored.profiles.filter(right).length);
  expect((await run('evaluate', ...labeled)).split('\n')[1]).toMatch(
    /^profiles: \d+, 0 on hold, threshold 0\.55 for all/,
  );

  const { url, token, stop, output } = await startServer(home, ['--model', 'mine']);
  expect(output.stdout).toContain('mine, threshold 0.55 for all photos together');
  const headers = { Authorization: `Bearer ${token}` };
  const ask = async (path: string, body?: FormData) =>
    (await fetch(`${url}${path}`, { headers, ...(body && { method: 'POST', body }) })).json();
  expect(await ask('/v1/model')).toMatchObject({ threshold: 0.55, rule: RULE });
  expect(await ask('/v1/status')).toMatchObject({ model: { id: 'mine', rule: RULE } });
  const [profile] = scored.profiles;
  const body = new FormData();
  for (const { path } of profile.photos) body.append('photo', new Blob([readFileSync(join(cwd, path))]), 'photo');
  expect(await ask('/v1/score', body)).toMatchObject({
    decision: { ...profile.decision, like: expect.closeTo(profile.decision.like, 4) },
  });
  body.set('photoCount', '9');
  expect(await ask('/v1/score', body)).toMatchObject({
    decision: { swipe: 'hold', reason: 'photos_missing', like: null },
  });
  await stop();
});
