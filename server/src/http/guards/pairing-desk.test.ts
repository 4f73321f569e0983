import { PAIRING_LIMITS } from '@swipenet/shared/contract/pair.ts';
import { seededRandom } from '@swipenet/shared/random.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { PairingDesk } from './pairing-desk.ts';

function setUp() {
  const clock = new ManualClock();
  const random = seededRandom(1);
  const randomBytes = (count: number) => Uint8Array.from({ length: count }, () => 256 * random());
  const desk = new PairingDesk({ now: () => clock.now(), randomBytes });
  return { clock, desk };
}

const OFFER = { taste: 'owner' };

describe('a pairing code', () => {
  it('has eight letters and digits, different each time', () => {
    const { desk } = setUp();
    const codes = Array.from({ length: 50 }, () => desk.offer('owner'));
    for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(new Set(codes).size).toBe(50);
  });

  it('is accepted in any notation', () => {
    const ways: ((code: string) => string)[] = [
      (code) => code,
      (code) => code.toLowerCase(),
      (code) => code.replace('-', ''),
      (code) => ` ${code.replace('-', ' ')} `,
      (code) => code.replaceAll('0', 'O').replaceAll('1', 'l'),
    ];
    for (const way of ways) {
      const { desk } = setUp();
      expect(desk.redeem(way(desk.offer('own')))).toEqual({ taste: 'own' });
    }
  });

  it('works once', () => {
    const { desk } = setUp();
    const code = desk.offer('owner');
    expect([desk.redeem(code), desk.redeem(code)]).toEqual([OFFER, undefined]);
  });

  it('is valid for five minutes', () => {
    const { clock, desk } = setUp();
    const first = desk.offer('owner');
    clock.advance(1_000 * PAIRING_LIMITS.codeLifeS - 1);
    expect(desk.redeem(first)).toEqual(OFFER);
    const second = desk.offer('owner');
    clock.advance(1_000 * PAIRING_LIMITS.codeLifeS);
    expect(desk.redeem(second)).toBeUndefined();
  });

  it('is invalidated by the fifth wrong attempt, and not earlier', () => {
    const { desk } = setUp();
    const patient = desk.offer('owner');
    for (let attempt = 1; attempt < PAIRING_LIMITS.attempts; attempt += 1) expect(desk.redeem('wrong')).toBeUndefined();
    expect(desk.redeem(patient)).toEqual(OFFER);
    const guessed = desk.offer('owner');
    for (let attempt = 1; attempt <= PAIRING_LIMITS.attempts; attempt += 1) desk.redeem('wrong');
    expect(desk.redeem(guessed)).toBeUndefined();
  });

  it('is invalidated by a new one', () => {
    const { desk } = setUp();
    const [first, second] = [desk.offer('owner'), desk.offer('owner')];
    expect([desk.redeem(first), desk.redeem(second)]).toEqual([undefined, OFFER]);
  });

  it('is the only text that is accepted, and nothing is accepted before the first code', () => {
    const { desk } = setUp();
    expect(desk.redeem('')).toBeUndefined();
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (typed) => {
        desk.offer('owner');
        return !desk.redeem(typed);
      }),
    );
  });
});
