import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { SwipenetError, systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { MAX_DEVICE_NAME } from '@swipenet/shared/contract/pair.ts';
import { OWNER_TASTE, TASTES } from '@swipenet/shared/contract/taste.ts';
import * as z from 'zod';
import { CommandError } from '../command-error.ts';
import { sha256, sha256Digest } from '../files/sha256.ts';
import { makeFolder, removeFile, writeWhole } from '../files/write-whole.ts';
import type { Home } from './home.ts';

/** The file of a paired device: `devices/ID.json` in the home folder, which only its owner can read. */
const deviceSchema = z.strictObject({
  /** The version of this schema. */
  format: z.literal(1),
  id: z.string().regex(/^[0-9a-f]{8}$/),
  name: z.string().min(1).max(MAX_DEVICE_NAME),
  /** The `Origin` of the paired extension, or null if the device isn't an extension. */
  origin: z.string().nullable(),
  pairedAt: z.iso.datetime(),
  /** Whose taste its swipes belong to. Devices that were paired by older versions share the owner's. */
  taste: z.enum(TASTES).default(OWNER_TASTE),
  /** When a session of the start page ends. Paired devices don't have it. */
  endsAt: z.iso.datetime().optional(),
  /** SHA-256 of the token, in hex. A plain hash is enough, because nobody can guess 256 random bits. */
  tokenSha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export type Device = z.infer<typeof deviceSchema>;

const FILE = /^([0-9a-f]{8})\.json$/;

/** Reports a device file that can't be used. Its device has no access, and all others do. */
export type OnDeviceTrouble = (trouble: CommandError) => void;

/**
 * The paired devices of a home folder, one file each. Adding creates a file and revoking deletes one, so two processes
 * never overwrite each other's changes. A server keeps the devices in memory. When a token matches, it checks that the
 * file still exists, so `swipenet devices revoke` takes effect with the next request. If the folder is away, for example
 * because its disk isn't mounted, devices wait until it is back. None is forgotten.
 *
 * Everything here is synchronous except for changes, because libuv's threads are busy with decoding.
 */
export class DeviceStore {
  readonly #home: Home;
  readonly #onTrouble: OnDeviceTrouble;
  readonly #devices = new Map<string, Device>();
  /** When the folder had last changed when it was last read. */
  #readAt: number | undefined;

  private constructor(home: Home, onTrouble: OnDeviceTrouble) {
    this.#home = home;
    this.#onTrouble = onTrouble;
  }

  /**
   * Reads the devices of a home folder.
   *
   * @param onTrouble gets a `home_unusable` for each file that is skipped.
   * @throws CommandError `home_unusable` if the folder can't be read.
   */
  static open(home: Home, onTrouble: OnDeviceTrouble): DeviceStore {
    const store = new DeviceStore(home, onTrouble);
    try {
      store.#readNew();
    } catch (cause) {
      throw new CommandError('home_unusable', `can’t read ${home.devices} (${systemCodeOf(cause)})`, { cause });
    }
    return store;
  }

  /** Lists all devices, oldest first. */
  list(): readonly Device[] {
    return [...this.#devices.values()].toSorted((a, b) => a.pairedAt.localeCompare(b.pairedAt));
  }

  /**
   * Finds the paired device that has this token. Compares every hash in constant time.
   *
   * @throws SwipenetError `devices_unavailable` if it can't tell whether the device was revoked.
   */
  find(token: string): Device | undefined {
    const found = this.#find(token);
    return found?.endsAt === undefined ? found : undefined;
  }

  /** The same for a session of the start page, whether it has ended or not. A session's token is no device's. */
  findSession(token: string): Device | undefined {
    const found = this.#find(token);
    return found?.endsAt === undefined ? undefined : found;
  }

  #find(token: string): Device | undefined {
    const digest = sha256Digest(token);
    const found = this.#withDigest(digest) ?? (this.#hasNew() ? this.#withDigest(digest) : undefined);
    if (!found || existsSync(this.#home.device(found.id))) return found;
    if (this.#isRevoked(found.id)) return undefined;
    throw new SwipenetError('devices_unavailable', 'the server can’t read its list of devices at the moment');
  }

  #withDigest(digest: Uint8Array): Device | undefined {
    let found: Device | undefined;
    for (const device of this.#devices.values()) {
      if (timingSafeEqual(digest, Buffer.from(device.tokenSha256, 'hex'))) found = device;
    }
    return found;
  }

  /** Reads devices that another process has added, or whose folder was away. Returns true if there may be some. */
  #hasNew(): boolean {
    try {
      return this.#readNew();
    } catch {
      return false; // an unknown token stays unknown
    }
  }

  /**
   * Reads the files of devices that aren't known yet, if the folder has changed since the last time. Devices whose files
   * are gone stay, because the files may come back. Returns false if nothing has changed. Throws what the system
   * reports, except for a missing folder.
   */
  #readNew(): boolean {
    const changedAt = statSync(this.#home.devices, { throwIfNoEntry: false })?.mtimeMs;
    if (changedAt === undefined || changedAt === this.#readAt) return false;
    const ids = readdirSync(this.#home.devices).flatMap((name) => FILE.exec(name)?.[1] ?? []);
    for (const id of ids) {
      if (this.#devices.has(id)) continue;
      try {
        const device = readDevice(this.#home.device(id), id);
        if (device) this.#devices.set(id, device);
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        this.#onTrouble(error);
      }
    }
    this.#readAt = changedAt;
    return true;
  }

  /** Returns true if the device's file is gone and its folder isn't. */
  #isRevoked(id: string): boolean {
    try {
      const isFile = statSync(this.#home.device(id), { throwIfNoEntry: false }) !== undefined;
      return !isFile && statSync(this.#home.devices).isDirectory();
    } catch {
      return false;
    }
  }

  /**
   * Adds a device, or a session if it has an end. The returned token isn't stored anywhere.
   *
   * @throws SwipenetError `device_not_saved` if the file can't be written.
   */
  async add(
    about: Pick<Device, 'name' | 'origin' | 'pairedAt' | 'taste' | 'endsAt'>,
  ): Promise<{ device: Device; token: string }> {
    const token = randomBytes(32).toString('base64url');
    const device = deviceSchema.parse({
      format: 1,
      id: randomBytes(4).toString('hex'),
      ...about,
      tokenSha256: sha256(token),
    });
    try {
      await makeFolder(this.#home.devices, { mode: 0o700 });
      const text = `${JSON.stringify(device, null, 2)}\n`;
      await writeWhole(this.#home.device(device.id), text, { mode: 0o600, exclusive: true });
    } catch (cause) {
      throw new SwipenetError('device_not_saved', 'the device was not saved; see the server’s log for the reason', {
        cause,
      });
    }
    this.#devices.set(device.id, device);
    return { device, token };
  }

  /**
   * Revokes a device's access. Its token stops working with the next request.
   *
   * @throws CommandError `paired_device_missing`, `home_unusable`.
   */
  async revoke(id: string): Promise<Device> {
    const device = this.#devices.get(id);
    const missing = new CommandError('paired_device_missing', `no paired device has the ID ${id.slice(0, 40)}`);
    if (!device) throw missing;
    const path = this.#home.device(id);
    await removeFile(path).catch((cause: unknown) => {
      if (systemCodeOf(cause) === 'ENOENT') throw missing;
      const message = `can’t remove ${path} (${systemCodeOf(cause)})`;
      throw new CommandError('home_unusable', message, { cause });
    });
    this.#devices.delete(id);
    return device;
  }
}

/** Reads a device's file. Returns undefined if it was deleted in the meantime. Throws CommandError `home_unusable`. */
function readDevice(path: string, id: string): Device | undefined {
  const skipped = (what: string, cause?: unknown) =>
    new CommandError('home_unusable', `${what}, so this device has no access; delete the file and pair it again`, {
      cause,
    });
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return undefined;
    throw new CommandError(
      'home_unusable',
      `can’t read ${path} (${systemCodeOf(cause)}), so this device has no access`,
      {
        cause,
      },
    );
  }
  let device: Device;
  try {
    device = deviceSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw skipped(`${path} is not a valid device file`, cause);
  }
  if (device.id !== id) throw skipped(`${path} belongs to another device`);
  return device;
}
