import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Home } from '../home/home.ts';
import { readSettings, type SettingName } from './settings.ts';

const read = (name: SettingName, flags: Record<string, unknown>, environment: Record<string, string> = {}) =>
  readSettings([name], flags, environment)[name];

describe('settings', () => {
  it('use the flag, then the variable, then the default', () => {
    expect(read('port', { port: '9000' }, { SWIPENET_PORT: '9001' })).toBe(9000);
    expect(read('port', {}, { SWIPENET_PORT: '9001' })).toBe(9001);
    expect(read('port', {})).toBe(8787);
    expect(read('threshold', {})).toBeUndefined();
    expect(read('home', {}, { SWIPENET_HOME: '/some/where' })).toEqual(new Home('/some/where'));
  });

  it.each<[SettingName, string]>([
    ['port', 'abc'],
    ['port', ''],
    ['port', '-1'],
    ['port', '65536'],
    ['port', '80.5'],
    ['threshold', 'abc'],
    ['threshold', '-0.1'],
    ['threshold', '1.1'],
    ['precision', 'int4'],
    ['precision', ''],
    ['device', 'gpu'],
    ['device', 'cuda'],
    ['device', 'cuda:x'],
    ['insecureBind', 'maybe'],
    ['home', ''],
    ['allowHost', 'https://swipenet.example'],
    ['allowHost', 'swipenet.example,'],
    ['allowHost', 'swipenet.example:8787'],
    ['trustedProxy', 'proxy.example'],
    ['trustedProxy', '10.0.0.0/33'],
    ['tlsCert', ''],
    ['rateLimit', '0'],
    ['rateBurst', '1.5'],
  ])('%s rejects %j and names the flag, the variable and the value', (name, text) => {
    expect(() => read(name, { [name]: text })).toThrow(
      expect.objectContaining({
        code: 'option_invalid',
        message: expect.stringContaining(`got ${JSON.stringify(text)}`),
      }),
    );
  });

  it('split a list at its commas', () => {
    expect(read('allowHost', { allowHost: 'swipenet.example, 192.168.1.5,::1' })).toEqual([
      'swipenet.example',
      '192.168.1.5',
      '::1',
    ]);
    expect(read('trustedProxy', {}, { SWIPENET_TRUSTED_PROXY: '10.0.0.1,fd00::/8' })).toEqual(['10.0.0.1', 'fd00::/8']);
    expect(read('allowHost', {})).toEqual([]);
  });

  it('let a variable turn a switch on or off', () => {
    const values = ['0', 'false', 'no', '', '1', 'true'].map((value) =>
      read('insecureBind', {}, { SWIPENET_INSECURE_BIND: value }),
    );
    expect(values).toEqual([false, false, false, false, true, true]);
  });

  it('accept as a port exactly the whole numbers from 0 to 65535', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: -10, max: 70_000 }).map(String), fc.string()), (text) => {
        let port: unknown;
        try {
          port = read('port', { port: text });
        } catch {
          port = undefined;
        }
        const valid = /^\d+$/.test(text) && Number(text) <= 65_535;
        expect(port).toBe(valid ? Number(text) : undefined);
      }),
    );
  });
});
