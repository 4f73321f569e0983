import { ARTICLE_RULE, type Decision, type DecisionRule, decide } from '@swipenet/shared/decision.ts';
import { decisionRuleSchema, decisionSchema } from '@swipenet/shared/decision-schemas.ts';
import fc from 'fast-check';
import { beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { ask, parseDecision } from './messages.ts';
import { parseRule } from './own-messages.ts';
import { type Parsed, tryParse } from './parse.ts';

beforeEach(() => {
  fakeBrowser.reset();
  vi.restoreAllMocks();
});

describe('a decision', () => {
  /** Decisions and near misses. */
  const nearly = fc.record(
    {
      swipe: fc.constantFrom('right', 'left', 'hold', 'up'),
      reason: fc.constantFrom(
        ...['like_found', 'all_nope', 'profile_liked', 'profile_not_liked'],
        ...['no_photo', 'photos_failed', 'photos_missing', 'other'],
      ),
      like: fc.constantFrom(0, 0.5, 1, 1.1, '0.5', null, undefined),
      photo: fc.constantFrom(0, 1, -1, 0.5, '0', null),
      more: fc.anything(),
    },
    { requiredKeys: [] },
  );

  it('is accepted exactly if the contract accepts it', () => {
    fc.assert(
      fc.property(fc.oneof(nearly, fc.anything()), (given) => {
        expect(tryParse(parseDecision, given)).toEqual(decisionSchema.safeParse(given).data);
      }),
      { numRuns: 2_000 },
    );
    expectTypeOf<Parsed<typeof parseDecision>>().toEqualTypeOf<Decision>();
  });

  it('is accepted in every form that the decision rule returns', () => {
    const together = { rule: 'profile', threshold: 0.4, largestShare: 0.5, perLogCount: 0 } as const;
    const decisions = [ARTICLE_RULE, together].flatMap((rule) =>
      [[0.9], [0.1], [], [null], [0.1]].map((likes, index) =>
        decide({ likes, photoCount: likes.length + (index === 4 ? 1 : 0), rule }),
      ),
    );
    expect(new Set(decisions.map(({ reason }) => reason)).size).toBe(7);
    expect(decisions.map((decision) => parseDecision(decision))).toEqual(decisions);
  });
});

describe('asking the worker', () => {
  const answerWith = (answer: unknown) => vi.spyOn(fakeBrowser.runtime, 'sendMessage').mockResolvedValue(answer);

  it('sends the request and returns the answer', async () => {
    const send = answerWith({ waitMs: 5 });
    const request = { kind: 'permit', id: 'a', swipe: 'left' } as const;
    expect(await ask(request)).toEqual({ waitMs: 5 });
    expect(send).toHaveBeenCalledWith(request);
  });

  it.each([
    ['no worker answered', undefined],
    ['the worker failed', { __mozWebExtensionPolyfillReject__: true, message: 'no' }],
    ['another version answered', { granted: true }],
  ])('rejects when %s', async (_, answer) => {
    answerWith(answer);
    await expect(ask({ kind: 'permit', id: 'a', swipe: 'left' })).rejects.toThrow(TypeError);
    await expect(ask({ kind: 'leave' })).rejects.toThrow(TypeError);
  });
});

it('a rule is accepted as the contract has it', () => {
  const value = fc.oneof(fc.double(), fc.double({ min: 0, max: 1 }), fc.constant('0.4'));
  const nearly = fc.record(
    { rule: fc.constantFrom('any', 'profile', 'all'), threshold: value, largestShare: value, perLogCount: value },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(nearly, (given) => {
      // The server's rule is strict. The copy omits unknown fields instead, as all messages do.
      const { largestShare: _, perLogCount: __, ...any } = given as Record<string, unknown>;
      const strict = given.rule === 'any' ? any : given;
      expect(tryParse(parseRule, given)).toEqual(decisionRuleSchema.safeParse(strict).data);
    }),
    { numRuns: 1_000 },
  );
  expectTypeOf<Parsed<typeof parseRule>>().toEqualTypeOf<DecisionRule>();
});
