import type { DeviceStore } from '../../home/device-store.ts';
import type { PairingDesk } from './pairing-desk.ts';

/** Who may ask beside the owner of the local token, under which names, and how often. */
export interface Access {
  readonly devices: Pick<DeviceStore, 'find' | 'add'>;
  readonly pairing: Pick<PairingDesk, 'offer' | 'redeem'>;
  /** Host names under which the server answers, beside loopback's and the address that was reached. */
  readonly allowedHosts: readonly string[];
  /** Addresses (`10.0.0.1`) and networks (`10.0.0.0/8`) whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Requests a second under one token, and how many may come at once after a rest. */
  readonly rate: { readonly perSecond: number; readonly burst: number };
  /** The day and time. */
  readonly date: () => Date;
}

/** The caller behind the local token. */
export const LOCAL_CALLER = 'local';
