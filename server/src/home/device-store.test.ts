import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { DeviceStore } from './device-store.ts';
import { Home } from './home.ts';

const ABOUT = {
  name: 'Chrome on Linux',
  origin: 'chrome-extension://abc',
  pairedAt: '2026-11-24T12:00:00.000Z',
  taste: 'owner',
} as const;

async function withDevice() {
  const home = new Home(temporaryFolder());
  const store = await DeviceStore.open(home);
  const { device, token } = await store.add(ABOUT);
  return { home, store, device, token, file: join(home.devices, `${device.id}.json`) };
}

describe('the paired devices', () => {
  it('are empty in a new home folder', async () => {
    const store = await DeviceStore.open(new Home(temporaryFolder()));
    expect([store.list(), store.find('anything'), store.find('')]).toEqual([[], undefined, undefined]);
  });

  it('are found by their tokens, even after a restart', async () => {
    const { home, store, device, token } = await withDevice();
    const other = await store.add({ ...ABOUT, name: 'Firefox', pairedAt: '2026-11-24T11:00:00.000Z' });
    for (const opened of [store, await DeviceStore.open(home)]) {
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
    const commandLine = await DeviceStore.open(home);
    expect(await commandLine.revoke(device.id)).toEqual(device);
    expect([store.find(token), commandLine.find(token)]).toEqual([undefined, undefined]);
    expect((await DeviceStore.open(home)).list()).toEqual([]);
  });

  it('stay consistent if one process pairs while another revokes', async () => {
    const { home, store, device } = await withDevice();
    const commandLine = await DeviceStore.open(home);
    const [added] = await Promise.all([store.add(ABOUT), commandLine.revoke(device.id)]);
    expect((await DeviceStore.open(home)).list()).toEqual([added.device]);
  });

  it.each(['00000000', '../token', ''])('can’t be revoked by an unknown ID: %j', async (id) => {
    const { store } = await withDevice();
    await expect(store.revoke(id)).rejects.toMatchObject({ code: 'paired_device_missing' });
  });

  it('can’t be revoked twice', async () => {
    const { home, device } = await withDevice();
    const [first, second] = [await DeviceStore.open(home), await DeviceStore.open(home)];
    await first.revoke(device.id);
    await expect(second.revoke(device.id)).rejects.toMatchObject({ code: 'paired_device_missing' });
  });

  it.each([
    ['is cut off', (text: string) => text.slice(0, 40)],
    ['has another version', (text: string) => text.replace('"format": 1', '"format": 2')],
    ['has an unknown field', (text: string) => text.replace('{', '{"admin": true,')],
    ['belongs to another device', (text: string) => text.replace(/"id": "\w+"/, '"id": "00000000"')],
  ])('can’t be opened if a file %s, and the error names the file', async (_, damage) => {
    const { home, file } = await withDevice();
    await writeFile(file, damage(await readFile(file, 'utf8')));
    await expect(DeviceStore.open(home)).rejects.toMatchObject({
      code: 'home_unusable',
      message: expect.stringContaining(file),
    });
  });

  it('ignore other files in their folder', async () => {
    const { home, device } = await withDevice();
    await writeFile(join(home.devices, 'note.txt'), 'x');
    await writeFile(join(home.devices, `${device.id}.json.1-2-3.draft`), 'x');
    expect((await DeviceStore.open(home)).list()).toEqual([device]);
  });

  it('fail to add a device that can’t be written, and leave nothing behind', async () => {
    const home = new Home(temporaryFolder());
    const store = await DeviceStore.open(home);
    await writeFile(home.devices, 'a file where the folder should be');
    await expect(store.add(ABOUT)).rejects.toMatchObject({ code: 'device_not_saved' });
    expect(store.list()).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('can’t be opened if their folder can’t be read', async () => {
    const home = new Home(temporaryFolder());
    await mkdir(home.devices);
    await chmod(home.devices, 0o000);
    await expect(DeviceStore.open(home)).rejects.toMatchObject({ code: 'home_unusable' });
  });
});
