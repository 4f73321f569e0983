import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, unlink } from 'node:fs/promises';
import { SwipenetError, systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { MAX_DEVICE_NAME } from '@swipenet/shared/contract/pair.ts';
import { OWNER_TASTE, TASTES } from '@swipenet/shared/contract/taste.ts';
import * as z from 'zod';
import { CommandError } from '../command-error.ts';
import { sha256, sha256Digest } from '../files/sha256.ts';
import { writeWhole } from '../files/write-whole.ts';
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
  /** SHA-256 of the token, in hex. A plain hash is enough, because nobody can guess 256 random bits. */
  tokenSha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export type Device = z.infer<typeof deviceSchema>;

const FILE = /^([0-9a-f]{8})\.json$/;

/**
 * The paired devices of a home folder, one file each. Adding creates a file and revoking deletes one, so two processes
 * never overwrite each other's changes. A server keeps the devices in memory. When a token matches, it checks that the
 * file still exists, so `swipenet devices revoke` takes effect with the next request.
 */
export class DeviceStore {
  readonly #home: Home;
  readonly #devices: Map<string, Device>;

  private constructor(home: Home, devices: readonly Device[]) {
    this.#home = home;
    this.#devices = new Map(devices.map((device) => [device.id, device]));
  }

  /**
   * Reads the devices of a home folder.
   *
   * @throws CommandError `home_unusable`, naming the file that can't be read or isn't a valid device file.
   */
  static async open(home: Home): Promise<DeviceStore> {
    const names = await readdir(home.devices).catch((cause: unknown) => {
      if (systemCodeOf(cause) === 'ENOENT') return [];
      throw new CommandError('home_unusable', `can’t read ${home.devices} (${systemCodeOf(cause)})`, { cause });
    });
    const ids = names.flatMap((name) => FILE.exec(name)?.[1] ?? []);
    const devices = await Promise.all(ids.map((id) => readDevice(home.device(id), id)));
    return new DeviceStore(
      home,
      devices.filter((device) => device !== undefined),
    );
  }

  /** Lists all devices, oldest first. */
  list(): readonly Device[] {
    return [...this.#devices.values()].toSorted((a, b) => a.pairedAt.localeCompare(b.pairedAt));
  }

  /** Finds the device that has this token. Compares every hash in constant time. */
  find(token: string): Device | undefined {
    const digest = sha256Digest(token);
    let found: Device | undefined;
    for (const device of this.#devices.values()) {
      if (timingSafeEqual(digest, Buffer.from(device.tokenSha256, 'hex'))) found = device;
    }
    if (!found) return undefined;
    // Synchronous, because libuv's threads are busy with decoding.
    if (existsSync(this.#home.device(found.id))) return found;
    this.#devices.delete(found.id);
    return undefined;
  }

  /**
   * Adds a device. The returned token isn't stored anywhere.
   *
   * @throws SwipenetError `device_not_saved` if the file can't be written.
   */
  async add(about: Pick<Device, 'name' | 'origin' | 'pairedAt' | 'taste'>): Promise<{ device: Device; token: string }> {
    const token = randomBytes(32).toString('base64url');
    const device = deviceSchema.parse({
      format: 1,
      id: randomBytes(4).toString('hex'),
      ...about,
      tokenSha256: sha256(token),
    });
    try {
      await mkdir(this.#home.devices, { recursive: true, mode: 0o700 });
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
    await unlink(path).catch((cause: unknown) => {
      if (systemCodeOf(cause) === 'ENOENT') throw missing;
      const message = `can’t remove ${path} (${systemCodeOf(cause)})`;
      throw new CommandError('home_unusable', message, { cause });
    });
    this.#devices.delete(id);
    return device;
  }
}

/** Reads a device's file. Returns undefined if it was deleted in the meantime. */
async function readDevice(path: string, id: string): Promise<Device | undefined> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (systemCodeOf(cause) === 'ENOENT') return undefined;
    throw new CommandError('home_unusable', `can’t read ${path} (${systemCodeOf(cause)})`, { cause });
  });
  if (text === undefined) return undefined;
  try {
    const device = deviceSchema.parse(JSON.parse(text));
    if (device.id === id) return device;
  } catch (cause) {
    throw new CommandError('home_unusable', `${path} is not a valid device file; delete it`, { cause });
  }
  throw new CommandError('home_unusable', `${path} belongs to another device; delete it`);
}
