import { randomBytes } from 'node:crypto';
import type { Access } from '@swipenet/server/http/guards/access.ts';
import { PairingDesk } from '@swipenet/server/http/guards/pairing-desk.ts';
import { PairingRequests } from '@swipenet/server/http/guards/pairing-requests.ts';

/** Access settings for tests: no devices, extra hosts or proxies, and a rate limit that no test reaches. */
export function testAccess(change: Partial<Access> = {}): Access {
  return {
    devices: { find: () => undefined, add: () => Promise.reject(new Error('unexpected pairing')) },
    pairing: new PairingDesk({ now: () => 0, randomBytes }),
    pairingRequests: new PairingRequests({ now: () => 0, randomBytes }),
    sessions: {
      offerLink: () => 'link',
      open: async () => undefined,
      find: () => undefined,
    },
    allowedHosts: [],
    trustedProxies: [],
    rate: { perSecond: 1_000, burst: 1_000 },
    date: () => new Date('2026-11-24T12:00:00Z'),
    ...change,
  };
}
