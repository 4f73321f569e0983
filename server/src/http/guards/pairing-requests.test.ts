import { expect, it } from 'vitest';
import { PairingRequests } from './pairing-requests.ts';

const ABOUT = { name: 'Chrome on Linux', origin: 'chrome-extension://abc' };

/** A request that has been allowed. */
function allowed() {
  const requests = new PairingRequests({ now: () => 0 });
  const { id, secret } = requests.ask(ABOUT);
  requests.decide(id, true);
  return { requests, claim: { id, secret } };
}

it('can be claimed again if the token could not be given', async () => {
  const { requests, claim } = allowed();
  const failing = requests.claim(claim, () => Promise.reject(new Error('disk full')));
  await expect(failing).rejects.toThrow('disk full');
  expect(requests.list()).toMatchObject([{ state: 'allowed' }]);
  expect(await requests.claim(claim, async ({ name, origin }) => [name, origin])).toEqual({
    given: [ABOUT.name, ABOUT.origin],
  });
});

it('gives one token, even if it is claimed twice at once', async () => {
  const { requests, claim } = allowed();
  let given = 0;
  const give = async () => {
    given += 1;
  };
  const outcomes = await Promise.all([requests.claim(claim, give), requests.claim(claim, give)]);
  expect([given, outcomes]).toEqual([1, [{ given: undefined }, undefined]]);
});

it('shows no secret', () => {
  const requests = new PairingRequests({ now: () => 0 });
  const { secret } = requests.ask(ABOUT);
  expect(JSON.stringify(requests.list())).not.toContain(secret);
});
