import { chmod, mkdir, readdir, readFile, rename, rmdir, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { CommandError } from '../command-error.ts';
import { DeviceStore } from './device-store.ts';
import { Home } from './home.ts';

const ABOUT = {
  name: 'Chrome on Linux',
  origin: 'chrome-extension://abc',
  pairedAt: '2026-11-24T12:00:00.000Z',
  taste: 'owner',
} as const;

/** Opens the devices of a home folder. `skipped` collects the reasons for files that can't be used. */
const open = (home: Home, skipped: CommandError[] = []) =>
  DeviceStore.open(home, (trouble) => void skipped.push(trouble));

async function withDevice() {
  const home = new Home(temporaryFolder());
  const store = open(home);
  const { device, token } = await store.add(ABOUT);
  return { home, store, device, token, file: join(home.devices, `${device.id}.json`) };
}

describe('the paired devices', () => {
  it('are empty in a new home folder', async () => {
    const store = open(new Home(temporaryFolder()));
    expect([store.list(), store.find('anything'), store.find('')]).toEqual([[], undefined, undefined]);
  });

  it('are found by their tokens, even after a restart', async () => {
    const { home, store, device, token } = await withDevice();
    const other = await store.add({ ...ABOUT, name: 'Firefox', pairedAt: '2026-11-24T11:00:00.000Z' });
    for (const opened of [store, open(home)]) {
      expect(opened.find(token)).toEqual(device);
      expect(opened.find(other.token)).toEqual(other.device);
      expect(opened.list()).toEqual([other.device, device]);
      for (const wrong of ['', token.slice(1), `${token}x`, device.tokenSha256])
        expect(opened.find(wrong)).toBe(undefined);
    }
  });

  it('are stored in files that only their owner can read, with a hash instead of the token', async () => {
    const { home, token, file } = await withDevice();
    expect(token).toMatch(/^[\w-]{43}$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(home.devices)).mode & 0o777).toBe(0o700);
    expect(await readFile(file, 'utf8')).not.toContain(token);
    expect(await readdir(home.devices)).toHaveLength(1);
  });

  it('are revoked immediately in a store that is already open, such as a running server’s', async () => {
    const { home, store, device, token } = await withDevice();
    const commandLine = open(home);
    expect(await commandLine.revoke(device.id)).toEqual(device);
    expect([store.find(token), commandLine.find(token)]).toEqual([undefined, undefined]);
    expect(open(home).list()).toEqual([]);
  });

  it('stay consistent if one process pairs while another revokes', async () => {
    const { home, store, device } = await withDevice();
    const commandLine = open(home);
    const [added] = await Promise.all([store.add(ABOUT), commandLine.revoke(device.id)]);
    expect(open(home).list()).toEqual([added.device]);
  });

  it.each(['00000000', '../token', ''])('can’t be revoked by an unknown ID: %j', async (id) => {
    const { store } = await withDevice();
    await expect(store.revoke(id)).rejects.toMatchObject({ code: 'paired_device_missing' });
  });

  it('can’t be revoked twice', async () => {
    const { home, device } = await withDevice();
    const [first, second] = [open(home), open(home)];
    await first.revoke(device.id);
    await expect(second.revoke(device.id)).rejects.toMatchObject({ code: 'paired_device_missing' });
  });

  it.each([
    ['is cut off', (text: string) => text.slice(0, 40)],
    ['has another version', (text: string) => text.replace('"format": 1', '"format": 2')],
    ['has an unknown field', (text: string) => text.replace('{', '{"admin": true,')],
    ['belongs to another device', (text: string) => text.replace(/"id": "\w+"/, '"id": "00000000"')],
    ['is a folder', undefined],
  ])('skip a file that %s, report it, and keep all others', async (_, damage) => {
    const { home, store, file, token } = await withDevice();
    const other = await store.add(ABOUT);
    const text = await readFile(file, 'utf8');
    await unlink(file);
    await (damage ? writeFile(file, damage(text)) : mkdir(file));
    const skipped: CommandError[] = [];
    const opened = open(home, skipped);
    expect(skipped).toMatchObject([{ code: 'home_unusable', message: expect.stringContaining(file) }]);
    expect(opened.find(token)).toBeUndefined();
    expect(opened.find(other.token)).toEqual(other.device);
  });

  it.skipIf(process.getuid?.() === 0)('skip a file that can’t be read, and report it', async () => {
    const { home, file, device } = await withDevice();
    await chmod(file, 0o000);
    const skipped: CommandError[] = [];
    expect(open(home, skipped).list()).toEqual([]);
    expect(skipped).toMatchObject([{ message: `can’t read ${file} (EACCES), so this device has no access` }]);
    await chmod(file, 0o600);
    expect(open(home).list()).toEqual([device]);
  });

  it.each(['devices', '.'])('wait while their folder is away (%s), and then work again', async (part) => {
    const { home, store, device, token } = await withDevice();
    const [folder, away] = [join(home.folder, part), `${home.folder}-away`];
    await rename(folder, away);
    expect(() => store.find(token)).toThrow(expect.objectContaining({ code: 'devices_unavailable' }));
    expect(store.find('unknown')).toBeUndefined();
    await rename(away, folder);
    expect(store.find(token)).toEqual(device);
  });

  it('wait while their folder is empty because its disk isn’t mounted, and then work again', async () => {
    const { home, store, device, token } = await withDevice();
    await rename(home.devices, `${home.devices}-away`);
    await mkdir(home.devices);
    expect(store.find(token)).toBeUndefined();
    await rmdir(home.devices);
    await rename(`${home.devices}-away`, home.devices);
    expect(store.find(token)).toEqual(device);
  });

  it.skipIf(process.getuid?.() === 0)('wait while their folder can’t be entered, and then work again', async () => {
    const { home, store, device, token } = await withDevice();
    await chmod(home.devices, 0o000);
    expect(() => store.find(token)).toThrow(expect.objectContaining({ code: 'devices_unavailable' }));
    await chmod(home.devices, 0o700);
    expect(store.find(token)).toEqual(device);
  });

  it('are found even if their folder was away when the store was opened, or another process paired them', async () => {
    const { home, device, token } = await withDevice();
    await rename(home.devices, `${home.devices}-away`);
    const opened = open(home);
    expect(opened.find(token)).toBeUndefined();
    await rename(`${home.devices}-away`, home.devices);
    expect(opened.find(token)).toEqual(device);
    const later = await open(home).add(ABOUT);
    await utimes(home.devices, new Date(), new Date('2030-01-01')); // file systems count time in milliseconds or worse
    expect(opened.find(later.token)).toEqual(later.device);
  });

  it('are kept apart from sessions of the start page, though both are listed', async () => {
    const { home, device, token } = await withDevice();
    const session = await open(home).add({ ...ABOUT, endsAt: '2026-11-28T12:00:00.000Z' });
    const store = open(home);
    expect([store.find(token), store.findSession(session.token)]).toEqual([device, session.device]);
    expect([store.find(session.token), store.findSession(token)]).toEqual([undefined, undefined]);
    expect(store.list()).toHaveLength(2);
  });

  it('ignore other files in their folder', async () => {
    const { home, device } = await withDevice();
    await writeFile(join(home.devices, 'note.txt'), 'x');
    await writeFile(join(home.devices, `${device.id}.json.1-2-3.draft`), 'x');
    expect(open(home).list()).toEqual([device]);
  });

  it('fail to add a device that can’t be written, and leave nothing behind', async () => {
    const home = new Home(temporaryFolder());
    const store = open(home);
    await writeFile(home.devices, 'a file where the folder should be');
    await expect(store.add(ABOUT)).rejects.toMatchObject({ code: 'device_not_saved' });
    expect(store.list()).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('can’t be opened if their folder can’t be read', async () => {
    const home = new Home(temporaryFolder());
    await mkdir(home.devices);
    await chmod(home.devices, 0o000);
    expect(() => open(home)).toThrow(expect.objectContaining({ code: 'home_unusable' }));
  });
});
