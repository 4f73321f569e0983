import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { DeviceStore } from './device-store.ts';
import { Home } from './home.ts';

const ABOUT = { name: 'Chrome on Linux', origin: 'chrome-extension://abc', pairedAt: '2026-11-24T12:00:00.000Z' };

async function withDevice() {
  const home = new Home(temporaryFolder());
  const store = await DeviceStore.open(home);
  const { device, token } = await store.add(ABOUT);
  return { home, store, device, token, file: join(home.devices, `${device.id}.json`) };
}

describe('the paired devices', () => {
  it('are none in a new home', async () => {
    const store = await DeviceStore.open(new Home(temporaryFolder()));
    expect([store.list(), store.find('anything'), store.find('')]).toEqual([[], undefined, undefined]);
  });

  it('are known by their token, each by its own, also after a restart', async () => {
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

  it('are kept in files for their owner alone, with a hash and without the token', async () => {
    const { home, token, file } = await withDevice();
    expect(token).toMatch(/^[\w-]{43}$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(home.devices)).mode & 0o777).toBe(0o700);
    expect(await readFile(file, 'utf8')).not.toContain(token);
    expect(await readdir(home.devices)).toHaveLength(1);
  });

  it('are revoked at once in a store that was open already, as a running server’s is', async () => {
    const { home, store, device, token } = await withDevice();
    const commandLine = await DeviceStore.open(home);
    expect(await commandLine.revoke(device.id)).toEqual(device);
    expect([store.find(token), commandLine.find(token)]).toEqual([undefined, undefined]);
    expect((await DeviceStore.open(home)).list()).toEqual([]);
  });

  it('lose nothing when one process pairs while another revokes', async () => {
    const { home, store, device } = await withDevice();
    const commandLine = await DeviceStore.open(home);
    const [added] = await Promise.all([store.add(ABOUT), commandLine.revoke(device.id)]);
    expect((await DeviceStore.open(home)).list()).toEqual([added.device]);
  });

  it.each(['00000000', '../token', ''])('are not revoked under an id that none has: %j', async (id) => {
    const { store } = await withDevice();
    await expect(store.revoke(id)).rejects.toMatchObject({ code: 'paired_device_missing' });
  });

  it('are revoked once: the second time there is no such device', async () => {
    const { home, device } = await withDevice();
    const [first, second] = [await DeviceStore.open(home), await DeviceStore.open(home)];
    await first.revoke(device.id);
    await expect(second.revoke(device.id)).rejects.toMatchObject({ code: 'paired_device_missing' });
  });

  it.each([
    ['cut off', (text: string) => text.slice(0, 40)],
    ['of another version', (text: string) => text.replace('"format": 1', '"format": 2')],
    ['with a field that nobody knows', (text: string) => text.replace('{', '{"admin": true,')],
    ['of another device', (text: string) => text.replace(/"id": "\w+"/, '"id": "00000000"')],
  ])('stop the start where a file is %s, which is named', async (_, damage) => {
    const { home, file } = await withDevice();
    await writeFile(file, damage(await readFile(file, 'utf8')));
    await expect(DeviceStore.open(home)).rejects.toMatchObject({
      code: 'home_unusable',
      message: expect.stringContaining(file),
    });
  });

  it('leave other files in their folder alone', async () => {
    const { home, device } = await withDevice();
    await writeFile(join(home.devices, 'note.txt'), 'x');
    await writeFile(join(home.devices, `${device.id}.json.1-2-3.draft`), 'x');
    expect((await DeviceStore.open(home)).list()).toEqual([device]);
  });

  it('say so when one cannot be kept, and leave nothing behind', async () => {
    const home = new Home(temporaryFolder());
    const store = await DeviceStore.open(home);
    await writeFile(home.devices, 'a file where the folder should be');
    await expect(store.add(ABOUT)).rejects.toMatchObject({ code: 'device_not_saved' });
    expect(store.list()).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('say so when their folder cannot be read', async () => {
    const home = new Home(temporaryFolder());
    await mkdir(home.devices);
    await chmod(home.devices, 0o000);
    await expect(DeviceStore.open(home)).rejects.toMatchObject({ code: 'home_unusable' });
  });
});
