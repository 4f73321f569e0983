import { expect, it } from 'vitest';
import { MUTATION_NAMES, MUTATIONS, type Mutation } from './mutations.ts';
import { PAGES, planRun } from './plan-run.ts';

const RUNS = 2_000;
const plans = Array.from({ length: RUNS }, (_, run) => planRun(1, run));

it('plans the same run for the same seed and number, and a different one for another seed', () => {
  for (const run of [0, 7, 1_999]) {
    const again = planRun(1, run);
    const said = ({ page, mutations, changes, path }: typeof again) => ({ page, mutations, changes, path });
    expect(said(again)).toEqual(said(plans[run]!));
    expect(again.deck.profile(0)).toEqual(plans[run]!.deck.profile(0));
  }
  expect(planRun(2, 7).path).not.toBe(plans[7]!.path);
});

it('draws every mutation alone and with others, on every page, and sometimes none', () => {
  for (const name of MUTATION_NAMES) {
    const mine = plans.filter(({ mutations }) => mutations.includes(name));
    expect(mine.length, name).toBeGreaterThan(RUNS / 100);
    expect(mine.filter(({ mutations }) => mutations.length === 1).length, name).toBeGreaterThan(8);
    expect(new Set(mine.map(({ page }) => page)), name).toEqual(new Set(Object.keys(PAGES)));
  }
  expect(plans.filter(({ mutations }) => mutations.length === 0).length).toBeGreaterThan(RUNS / 100);
});

it('never combines two mutations of a group', () => {
  for (const { mutations } of plans) {
    const groups = mutations.flatMap((name) => (MUTATIONS[name] as Mutation).group ?? []);
    expect(new Set(groups).size, mutations.join()).toBe(groups.length);
  }
});

it('leaves at least one honest cue on every paid button, in any language', () => {
  let paid = 0;
  for (const { drift, mutations } of plans) {
    for (const change of drift) {
      if (change.kind !== 'add-button' && change.kind !== 'paid-takes-over') continue;
      paid += 1;
      const honest =
        change.kind === 'paid-takes-over'
          ? { sparks: !change.sparks, name: !change.name, size: !change.size, counter: !change.counter }
          : {
              sparks: change.sparks !== 'like',
              name: change.label !== 'like',
              size: change.size !== 'large',
              counter: change.remaining !== null,
            };
      const told = honest.sparks || honest.size || honest.counter;
      expect(told || (honest.name && !mutations.includes('translate')), JSON.stringify(change)).toBe(true);
    }
  }
  expect(paid).toBeGreaterThan(100);
});
