import { expect, it, vi } from 'vitest';
import { reportError } from './report-error.ts';

it('logs an error once, with the step that reported it first', () => {
  const log = vi.fn();
  const error = new Error('no');
  reportError('reading', error, log);
  reportError('scoring', error, log);
  expect(log.mock.calls).toEqual([['swipenet: reading: no']]);
});

it('replaces URLs in the message', () => {
  const log = vi.fn();
  reportError('fetching', new Error('https://images.example/u/secret?Signature=s failed'), log);
  expect(log).toHaveBeenCalledWith('swipenet: fetching: <address> failed');
});
