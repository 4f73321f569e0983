import { describe, expect, it } from 'vitest';
import { readSettings } from '../../config/settings.ts';
import { REPLICA_SETTINGS, remoteEngines } from './serving-replicas.ts';

const remoteOf = (flags: Readonly<Record<string, unknown>>, environment: Readonly<Record<string, string>> = {}) =>
  remoteEngines(readSettings([...REPLICA_SETTINGS, 'precision'], flags, environment));

describe('engines on other machines', () => {
  it('are off by default, and need an address if they are on', () => {
    expect(remoteOf({})).toBeUndefined();
    expect(() => remoteOf({ engine: 'oip' })).toThrow('--engine-url');
    expect(() => remoteOf({ engineUrl: ['https://a'] })).toThrow('--engine oip');
  });

  it('are named by repeated flags, or separated by commas in the variable', () => {
    const urls = ['https://a.example/below', 'http://localhost:8787', 'http://[::1]:1', 'http://127.0.0.1:2'];
    expect(remoteOf({ engine: 'oip', engineUrl: urls })?.engines.urls).toEqual(urls);
    const environment = { SWIPENET_ENGINE: 'oip', SWIPENET_ENGINE_URL: 'https://a, https://b' };
    expect(remoteOf({}, environment)?.engines.urls).toEqual(['https://a', 'https://b']);
  });

  it('need TLS unless they are on this machine or you insist', () => {
    for (const url of [
      'http://10.0.0.1:8787',
      'http://gpu',
      'http://localhost.example',
      'http://[::2]',
      'http://127.1.evil',
    ]) {
      const flags = { engine: 'oip', engineUrl: ['https://a', url] };
      expect(() => remoteOf(flags)).toThrow('unencrypted');
      expect(remoteOf({ ...flags, engineInsecure: true })?.engines.urls).toContain(url);
    }
  });

  it.each(['gpu:8787', 'ftp://a', 'https://user:secret@a', 'https://a?token=x', 'https://a#x', ''])(
    'can’t have the address %j',
    (url) => {
      expect(() => remoteOf({ engine: 'oip', engineUrl: [url] })).toThrow('--engine-url');
    },
  );

  it('are named once each', () => {
    expect(() => remoteOf({ engine: 'oip', engineUrl: ['https://a', 'https://a'] })).toThrow('different addresses');
  });
});
