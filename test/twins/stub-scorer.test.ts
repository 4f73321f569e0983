import { errorEnvelopeSchema } from '@swipenet/shared/contract/errors.ts';
import { modelAnswerSchema } from '@swipenet/shared/contract/model.ts';
import { scoreAnswerSchema } from '@swipenet/shared/contract/score.ts';
import { expect, it, onTestFinished } from 'vitest';
import { type ScorerOptions, StubScorer } from './stub-scorer.ts';
import { PhotoBytes } from './tinder/photo-bytes.ts';
import { DEFAULT_RATES, truthOf, twinProfile } from './tinder/profiles.ts';

async function start(options: ScorerOptions = {}) {
  const scorer = await StubScorer.start(options);
  onTestFinished(() => scorer.stop());
  const headers = { Authorization: `Bearer ${scorer.token}` };
  const score = (body: FormData, query = '') =>
    fetch(`${scorer.url}/v1/score${query}`, { method: 'POST', headers, body });
  return { scorer, headers, score };
}

const bytes = await PhotoBytes.create('tiny');
const options = { today: new Date('2026-09-01'), rates: { ...DEFAULT_RATES, video: 0 } };

/** The form for a profile's photos; a photo that is not there is an empty file. */
async function formOf(index: number, { without = -1 } = {}) {
  const profile = twinProfile(1, index, options);
  const form = new FormData();
  for (const [at, { id, like }] of profile.photos.entries()) {
    const marked = await bytes.of({ profile: profile.id, photo: id, like, width: 640 });
    form.append('photo', new Blob(at === without ? [] : [marked]), 'photo');
  }
  form.set('photoCount', String(profile.photos.length));
  form.set('priority', 'ahead');
  return { profile, form };
}

it('answers by the contract, with the decision that the truth makes', async () => {
  const { scorer, score } = await start();
  for (let index = 0; index < 10; index += 1) {
    const { profile, form } = await formOf(index);
    const answer = scoreAnswerSchema.parse(await (await score(form, '?evidence=1')).json());
    expect(answer.decision).toEqual(truthOf(profile));
    expect(answer.photos.map((photo) => 'like' in photo && photo.like)).toEqual(profile.photos.map(({ like }) => like));
  }
  expect(scorer.scores).toHaveLength(10);
});

it('decides by the rule that it is given', async () => {
  const rule = { rule: 'profile', threshold: 0.6, largestShare: 0.5, perLogCount: -0.2 } as const;
  const { scorer, score, headers } = await start({ rule });
  const model = await fetch(`${scorer.url}/v1/model`, { headers });
  expect(modelAnswerSchema.parse(await model.json())).toMatchObject({ threshold: 0.6, rule });
  const reasons = new Set<string>();
  for (let index = 0; index < 10; index += 1) {
    const { profile, form } = await formOf(index);
    const { decision } = scoreAnswerSchema.parse(await (await score(form)).json());
    expect(decision).toEqual(truthOf(profile, rule));
    reasons.add(decision.reason);
  }
  expect(reasons).toEqual(new Set(['profile_liked', 'profile_not_liked']));
});

it('says of a photo without a mark that it is none', async () => {
  const { score } = await start();
  const { form } = await formOf(1, { without: 0 });
  const answer = scoreAnswerSchema.parse(await (await score(form)).json());
  expect(answer.photos[0]).toMatchObject({ error: { code: 'photo_undecodable' } });
});

it('records what came, and refuses a field that the contract does not have', async () => {
  const { scorer, score } = await start();
  const { profile, form } = await formOf(0);
  form.set('name', profile.name);
  const response = await score(form);
  expect(response.status).toBe(400);
  errorEnvelopeSchema.parse(await response.json());
  expect(scorer.scores).toMatchObject([
    {
      priority: 'ahead',
      photoCount: profile.photos.length,
      profiles: [profile.id],
      photos: profile.photos.map(({ id }) => id),
      extraFields: ['name'],
      fileNames: ['photo'],
      answered: 400,
    },
  ]);
  expect(scorer.scores[0]!.headerNames).toContain('authorization');
});

it('tells who it is to those with the token, and takes nothing from others', async () => {
  const { scorer, headers } = await start();
  modelAnswerSchema.parse(await (await fetch(`${scorer.url}/v1/model`, { headers })).json());
  const answers = [
    await fetch(`${scorer.url}/v1/model`),
    await fetch(`${scorer.url}/v1/score`, { method: 'POST', headers: { Authorization: 'Bearer no' } }),
    await fetch(`${scorer.url}/v1/train`, { method: 'POST', headers }),
  ];
  for (const answer of answers) errorEnvelopeSchema.parse(await answer.json());
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 404]);
  expect(scorer.others.map(({ answered }) => answered)).toEqual([200, 401, 401, 404]);
});

it('is too busy now and then, the same for the same seed, and says when to come again', async () => {
  const statuses = async () => {
    const { score } = await start({ busyRate: 0.3, seed: 7 });
    const answers = [];
    for (let index = 0; index < 20; index += 1) answers.push(await score((await formOf(0)).form));
    for (const answer of answers) if (answer.status === 503) expect(answer.headers.get('Retry-After')).toBe('2');
    return answers.map(({ status }) => status);
  };
  const first = await statuses();
  expect(new Set(first)).toEqual(new Set([200, 503]));
  expect(await statuses()).toEqual(first);
});

it('can be stopped and started again where it was', async () => {
  const { scorer, headers } = await start();
  const { url } = scorer;
  await scorer.stop();
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  await scorer.startAgain();
  expect((await fetch(`${url}/v1/model`, { headers })).status).toBe(200);
});
