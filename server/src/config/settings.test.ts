import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cores, isLoopback, readSettings, refuseFlagsOfNpm, type SettingName, sizeThreadPool } from './settings.ts';

const read = (name: SettingName, flags: Record<string, unknown>, environment: Record<string, string> = {}) =>
  readSettings([name], flags, environment)[name];

describe('settings', () => {
  it('come from the flag, else the variable, else the default', () => {
    expect(read('port', { port: '9000' }, { SWIPENET_PORT: '9001' })).toBe(9000);
    expect(read('port', {}, { SWIPENET_PORT: '9001' })).toBe(9001);
    expect(read('port', {})).toBe(8787);
    expect(read('threshold', {})).toBeUndefined();
    expect(read('home', {}, { SWIPENET_HOME: '/some/where' })).toBe('/some/where');
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
  ])('%s refuses %j, naming flag, variable, and what came', (name, text) => {
    expect(() => read(name, { [name]: text })).toThrow(
      expect.objectContaining({
        code: 'option_invalid',
        message: expect.stringContaining(`got ${JSON.stringify(text)}`),
      }),
    );
  });

  it('a list has commas between its entries', () => {
    expect(read('allowHost', { allowHost: 'swipenet.example, 192.168.1.5,::1' })).toEqual([
      'swipenet.example',
      '192.168.1.5',
      '::1',
    ]);
    expect(read('trustedProxy', {}, { SWIPENET_TRUSTED_PROXY: '10.0.0.1,fd00::/8' })).toEqual(['10.0.0.1', 'fd00::/8']);
    expect(read('allowHost', {})).toEqual([]);
  });

  it('a switch that its variable turns off is off', () => {
    const values = ['0', 'false', 'no', '', '1', 'true'].map((value) =>
      read('insecureBind', {}, { SWIPENET_INSECURE_BIND: value }),
    );
    expect(values).toEqual([false, false, false, false, true, true]);
  });

  it('any text is a port exactly when it writes a whole number from 0 to 65535', () => {
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

describe('flags of npm start without two dashes before them', () => {
  const refusing =
    (rest: readonly string[], environment: Record<string, string> = {}) =>
    () =>
      refuseFlagsOfNpm(['port', 'insecureBind'], rest, environment);
  const start = { npm_lifecycle_event: 'start' };

  it('are refused with what npm took of them, and how it is written', () => {
    const how = 'flags of npm start come after two dashes: npm start --';
    expect(refusing(['9123'])).toThrow(`serve takes no argument 9123; ${how} --port …`);
    expect(refusing(['9123'], { ...start, npm_config_port: 'true' })).toThrow(
      `npm took --port for its own; ${how} --port …`,
    );
    expect(refusing([], { ...start, npm_config_insecure_bind: 'true' })).toThrow(
      `npm took --insecure-bind for its own; ${how} --insecure-bind …`,
    );
  });

  it('are none where npm starts something else, or took nothing that is a flag here', () => {
    expect(refusing([])).not.toThrow();
    expect(refusing([], { npm_lifecycle_event: 'test', npm_config_port: '9123' })).not.toThrow();
    expect(refusing([], { ...start, npm_config_cache: '/root/.npm' })).not.toThrow();
  });
});

describe('loopback', () => {
  it.each(['127.0.0.1', '127.9.9.9', 'localhost', '::1'])('%s is', (host) => expect(isLoopback(host)).toBe(true));
  it.each(['0.0.0.0', '::', '192.168.1.2', '127.0.0.1.example.org', 'example.org', '1127.0.0.1'])('%s is not', (host) =>
    expect(isLoopback(host)).toBe(false),
  );
});

describe('the thread pool', () => {
  it('has a thread a core and two for files, no fewer than libuv’s own four, unless the user has said how many', () => {
    const environment: Record<string, string | undefined> = {};
    sizeThreadPool(environment);
    expect(environment).toEqual({ UV_THREADPOOL_SIZE: String(Math.max(4, cores + 2)) });
    const given = { UV_THREADPOOL_SIZE: '3' };
    sizeThreadPool(given);
    expect(given).toEqual({ UV_THREADPOOL_SIZE: '3' });
  });
});
