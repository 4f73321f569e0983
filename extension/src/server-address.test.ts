import { expect, it } from 'vitest';
import { isLoopback, parseAddress, placeOf } from './server-address.ts';

it.each([
  ['127.0.0.1:8787', 'http://127.0.0.1:8787'],
  [' http://localhost:8787/ ', 'http://localhost:8787'],
  ['https://swipenet.example', 'https://swipenet.example'],
  ['http://127.0.0.1:8787/demo', undefined],
  ['http://user:word@127.0.0.1', undefined],
  ['ftp://127.0.0.1', undefined],
  ['', undefined],
  ['http://', undefined],
])('reads %j as the server at %j', (typed, origin) => {
  expect(parseAddress(typed)).toBe(origin);
});

it.each([
  ['http://127.0.0.1:8787', true],
  ['http://localhost:1', true],
  ['http://127.0.0.1.example', false],
  ['http://192.168.0.2:8787', false],
  ['http://[::1]:8787', false],
])('knows whether %s is on this machine: %s', (address, loopback) => {
  expect(isLoopback(address)).toBe(loopback);
});

it('treats all ports of this machine as one place, and every other origin as its own', () => {
  expect(placeOf('http://127.0.0.1:8787')).toBe(placeOf('http://localhost:9000'));
  expect(placeOf('https://a.example')).not.toBe(placeOf('https://a.example:8443'));
});
