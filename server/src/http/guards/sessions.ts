import { randomBytes, timingSafeEqual } from 'node:crypto';
import { SESSION_LIMITS } from '@swipenet/shared/contract/session.ts';
import { OWNER_TASTE } from '@swipenet/shared/contract/taste.ts';
import { sha256Digest } from '../../files/sha256.ts';
import type { Device, DeviceStore } from '../../home/device-store.ts';
import type { PairingWorld } from './pairing-desk.ts';

/** What a session's device is called in `swipenet devices list`. */
const NAME = 'start page';

export interface SessionWorld extends PairingWorld {
  readonly devices: Pick<DeviceStore, 'add' | 'findSession' | 'list' | 'revoke'>;
  /** Returns the current date and time. */
  readonly date: () => Date;
  /** Called if the file of a session that has ended can't be removed. */
  readonly onTrouble: (error: Error) => void;
}

/** The two halves of a new session. Neither is worth anything without the other. */
export interface OpenedSession {
  /** For the cookie, which scripts can't read and every port of this machine gets. */
  readonly cookie: string;
  /** For the header, which only pages of the same port can read where they keep it. */
  readonly key: string;
  readonly endsAt: string;
}

/**
 * The sessions of the start page. A link opens one, once. A session lasts 24 hours, but not longer than this server runs:
 * its key is only in memory, so it is of no use to a program that takes the server's port later. Its device file lists
 * it among the devices, and ends it when it is removed.
 */
export class Sessions {
  readonly #world: Required<SessionWorld>;
  #link: { readonly digest: Buffer; readonly endsAtMs: number } | undefined;
  /** By the ID of the session's device. */
  readonly #keys = new Map<string, { readonly digest: Buffer; readonly endsAtMs: number }>();

  constructor(world: SessionWorld) {
    this.#world = { randomBytes, ...world };
  }

  /** Creates the code of a link, 128 random bits. Only the newest link works. */
  offerLink(): string {
    const code = this.#secret(16);
    this.#link = { digest: sha256Digest(code), endsAtMs: this.#world.now() + SESSION_LIMITS.linkLifeS * 1_000 };
    return code;
  }

  /**
   * Opens a session if this is the code of the link, and uses the code up. Returns undefined for any other text. Throws
   * SwipenetError `device_not_saved`.
   */
  async open(code: string): Promise<OpenedSession | undefined> {
    const link = this.#link;
    if (!link || !timingSafeEqual(sha256Digest(code), link.digest) || this.#world.now() >= link.endsAtMs) {
      return undefined;
    }
    this.#link = undefined; // before anything is awaited, so that a second request comes too late
    await this.removeEnded();
    const opened = this.#world.date();
    const lifeMs = SESSION_LIMITS.sessionLifeS * 1_000;
    const endsAt = new Date(opened.getTime() + lifeMs).toISOString();
    const about = { name: NAME, origin: null, pairedAt: opened.toISOString(), taste: OWNER_TASTE, endsAt } as const;
    const { device, token } = await this.#world.devices.add(about);
    const key = this.#secret(32);
    this.#keys.set(device.id, { digest: sha256Digest(key), endsAtMs: this.#world.now() + lifeMs });
    return { cookie: token, key, endsAt };
  }

  /**
   * Finds the session with this cookie and this key. Returns undefined if it has ended or was revoked. Throws
   * SwipenetError `devices_unavailable`.
   */
  find(cookie: string, key: string): Device | undefined {
    const device = this.#world.devices.findSession(cookie);
    const expected = device && this.#keys.get(device.id);
    if (!expected || !timingSafeEqual(sha256Digest(key), expected.digest)) return undefined;
    return this.#world.now() < expected.endsAtMs ? device : undefined;
  }

  /** Removes the files of sessions that have ended, also of servers that were killed. */
  async removeEnded(): Promise<void> {
    const now = this.#world.date().toISOString();
    await this.#remove(({ endsAt }) => endsAt !== undefined && endsAt <= now);
  }

  /** Ends the sessions of this server. */
  async close(): Promise<void> {
    await this.#remove(({ id }) => this.#keys.has(id));
    this.#keys.clear();
  }

  async #remove(which: (device: Device) => boolean): Promise<void> {
    for (const { id } of this.#world.devices.list().filter(which)) {
      this.#keys.delete(id);
      await this.#world.devices.revoke(id).catch(this.#world.onTrouble);
    }
  }

  #secret(bytes: number): string {
    return Buffer.from(this.#world.randomBytes(bytes)).toString('base64url');
  }
}
