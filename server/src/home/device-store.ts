import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, unlink } from 'node:fs/promises';
import { SwipenetError, systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { MAX_DEVICE_NAME } from '@swipenet/shared/contract/pair.ts';
import * as z from 'zod';
import { CommandError } from '../command-error.ts';
import { sha256, sha256Digest } from '../files/sha256.ts';
import { writeWhole } from '../files/write-whole.ts';
import type { Home } from './home.ts';

/** A paired device as its file has it: `devices/ID.json` in the home folder, readable by its owner alone. */
const deviceSchema = z.strictObject({
  /** The version of this schema. */
  format: z.literal(1),
  id: z.string().regex(/^[0-9a-f]{8}$/),
  name: z.string().min(1).max(MAX_DEVICE_NAME),
  /** The extension that was paired, as `Origin` names it; null where what was paired is no extension. */
  origin: z.string().nullable(),
  pairedAt: z.iso.datetime(),
  /** SHA-256 of the token, in hex. The token is 256 random bits, so a plain hash hides it: there is nothing to guess. */
  tokenSha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** See {@link deviceSchema}. */
export type Device = z.infer<typeof deviceSchema>;

const FILE = /^([0-9a-f]{8})\.json$/;

/**
 * The paired devices of a home folder, a file each: adding makes one, revoking removes one, so two processes that do
 * either at once never lose each other's work. A server holds them in memory and looks, for a token that fits, whether
 * its file is still there: `swipenet devices revoke` takes effect with the next request.
 */
export class DeviceStore {
  readonly #home: Home;
  readonly #devices: Map<string, Device>;

  private constructor(home: Home, devices: readonly Device[]) {
    this.#home = home;
    this.#devices = new Map(devices.map((device) => [device.id, device]));
  }

  /**
   * Reads what is there; a home without devices has none.
   *
   * @throws CommandError `home_unusable`, naming the file that cannot be read or is none of these.
   */
  static async open(home: Home): Promise<DeviceStore> {
    const names = await readdir(home.devices).catch((cause: unknown) => {
      if (systemCodeOf(cause) === 'ENOENT') return [];
      throw new CommandError('home_unusable', `${home.devices} cannot be read (${systemCodeOf(cause)})`, { cause });
    });
    const ids = names.flatMap((name) => FILE.exec(name)?.[1] ?? []);
    const devices = await Promise.all(ids.map((id) => readDevice(home.device(id), id)));
    return new DeviceStore(
      home,
      devices.filter((device) => device !== undefined),
    );
  }

  /** Every device, the first paired first. */
  list(): readonly Device[] {
    return [...this.#devices.values()].toSorted((a, b) => a.pairedAt.localeCompare(b.pairedAt));
  }

  /** The device whose token this is. Every hash is compared, in constant time. */
  find(token: string): Device | undefined {
    const given = sha256Digest(token);
    let found: Device | undefined;
    for (const device of this.#devices.values()) {
      if (timingSafeEqual(given, Buffer.from(device.tokenSha256, 'hex'))) found = device;
    }
    if (!found) return undefined;
    // At once and not on libuv's threads, which are busy with decoding.
    if (existsSync(this.#home.device(found.id))) return found;
    this.#devices.delete(found.id);
    return undefined;
  }

  /**
   * Adds a device and makes its token, which is in the answer and nowhere else.
   *
   * @throws SwipenetError `device_not_saved` where the file cannot be written.
   */
  async add(about: Pick<Device, 'name' | 'origin' | 'pairedAt'>): Promise<{ device: Device; token: string }> {
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
      throw new SwipenetError('device_not_saved', 'the device could not be kept; the server’s log says why', { cause });
    }
    this.#devices.set(device.id, device);
    return { device, token };
  }

  /**
   * Ends a device's access: its token is worth nothing from the next request on.
   *
   * @throws CommandError `paired_device_missing`, `home_unusable`.
   */
  async revoke(id: string): Promise<Device> {
    const device = this.#devices.get(id);
    const missing = new CommandError('paired_device_missing', `there is no paired device ${id.slice(0, 40)}`);
    if (!device) throw missing;
    const path = this.#home.device(id);
    await unlink(path).catch((cause: unknown) => {
      if (systemCodeOf(cause) === 'ENOENT') throw missing;
      const message = `${path} cannot be removed (${systemCodeOf(cause)})`;
      throw new CommandError('home_unusable', message, { cause });
    });
    this.#devices.delete(id);
    return device;
  }
}

/** A device's file, parsed; undefined where it was removed meanwhile. */
async function readDevice(path: string, id: string): Promise<Device | undefined> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (systemCodeOf(cause) === 'ENOENT') return undefined;
    throw new CommandError('home_unusable', `${path} cannot be read (${systemCodeOf(cause)})`, { cause });
  });
  if (text === undefined) return undefined;
  try {
    const device = deviceSchema.parse(JSON.parse(text));
    if (device.id === id) return device;
  } catch (cause) {
    throw new CommandError('home_unusable', `${path} is no paired device’s file; remove it`, { cause });
  }
  throw new CommandError('home_unusable', `${path} is another device’s file; remove it`);
}
