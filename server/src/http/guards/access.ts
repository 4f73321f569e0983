import type { DeviceStore } from '../../home/device-store.ts';
import type { PairingDesk } from './pairing-desk.ts';
import type { PairingRequests } from './pairing-requests.ts';
import type { Sessions } from './sessions.ts';

/** Who may use the server besides the owner of the local token, under which names, and how often. */
export interface Access {
  readonly devices: Pick<DeviceStore, 'find' | 'add'>;
  readonly pairing: Pick<PairingDesk, 'offer' | 'redeem'>;
  readonly pairingRequests: Pick<PairingRequests, 'ask' | 'claim' | 'decide' | 'list'>;
  /** The sessions of the start page. */
  readonly sessions: Pick<Sessions, 'offerLink' | 'open' | 'find'>;
  /** Host names that the server accepts besides loopback names and the address that the connection reached. */
  readonly allowedHosts: readonly string[];
  /** Addresses (`10.0.0.1`) and networks (`10.0.0.0/8`) of proxies whose `X-Forwarded-For` header is trusted. */
  readonly trustedProxies: readonly string[];
  /** Requests per second for each token, and how many may come at once. */
  readonly rate: { readonly perSecond: number; readonly burst: number };
  /** Returns the current date and time. */
  readonly date: () => Date;
}

/** The caller name for the local token. */
export const LOCAL_CALLER = 'local';
