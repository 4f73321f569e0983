import { randomBytes } from 'node:crypto';
import type { Access } from '@swipenet/server/http/guards/access.ts';
import { PairingDesk } from '@swipenet/server/http/guards/pairing-desk.ts';

/** Access settings for tests: no devices, extra hosts or proxies, and a rate limit that no test reaches. */
export function testAccess(change: Partial<Access> = {}): Access {
  return {
    devices: { find: () => undefined, add: () => Promise.reject(new Error('unexpected pairing')) },
    pairing: new PairingDesk({ now: () => 0, randomBytes }),
    allowedHosts: [],
    trustedProxies: [],
    rate: { perSecond: 1_000, burst: 1_000 },
    date: () => new Date('2026-11-24T12:00:00Z'),
    ...change,
  };
}
