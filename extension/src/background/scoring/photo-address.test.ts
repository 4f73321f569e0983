import { expect, it } from 'vitest';
import { mayFetch } from './photo-address.ts';

it.each([
  ['https://p.example/1', 'https://dating.example', true],
  ['http://p.example/1', 'https://dating.example', false],
  ['http://127.0.0.1:8787/1', 'http://127.0.0.1:8787', true],
  ['http://127.0.0.1:631/1', 'http://127.0.0.1:8787', false],
  ['https://127.0.0.1/1', 'https://dating.example', false],
  ['https://0x7f.1/1', 'https://dating.example', false],
  ['https://localhost/1', 'https://dating.example', false],
  ['https://router/1', 'https://dating.example', false],
  ['https://nas.local/1', 'https://dating.example', false],
  ['https://192.168.1.1/1', 'https://dating.example', false],
  ['https://10.0.0.1/1', 'https://dating.example', false],
  ['https://172.20.0.1/1', 'https://dating.example', false],
  ['https://172.32.0.1/1', 'https://dating.example', true],
  ['https://169.254.169.254/1', 'https://dating.example', false],
  ['https://[::1]/1', 'https://dating.example', false],
  ['https://[fd00::1]/1', 'https://dating.example', false],
  ['https://[::ffff:127.0.0.1]/1', 'https://dating.example', false],
  ['blob:https://dating.example/1', 'https://dating.example', false],
  ['not an address', 'https://dating.example', false],
  ['https://p.example/1', '', true],
])('knows whether %s may be fetched for a page at %s: %s', (address, origin, allowed) => {
  expect(mayFetch(address, origin)).toBe(allowed);
});
