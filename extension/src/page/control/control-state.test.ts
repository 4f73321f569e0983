import { expect, it } from 'vitest';
import { fakeTranslate as translate } from '../../../../test/support/fake-texts.ts';
import type { PageStatus } from '../../messages.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../storage/settings.ts';
import { controlState } from './control-state.ts';

const stateIn = (mode: Settings['mode'], status: PageStatus, more: Partial<Settings> = {}) =>
  controlState({ ...DEFAULT_SETTINGS, consent: 'loopback', mode, ...more }, status, translate);

it.each([
  ['swipe', null, 'running', 'pause'],
  ['swipe', 'page_loading', 'waiting', 'pause'],
  ['swipe', 'server_unreachable', 'waiting', 'pause'],
  ['swipe', 'gate_closed', 'waiting', 'pause'],
  ['swipe', 'paused', 'paused', 'resume'],
  ['swipe', 'person_acted', 'paused', 'resume'],
  ['swipe', 'hold', 'stopped', 'resume'],
  ['swipe', 'limit_session', 'stopped', 'resume'],
  ['show', null, 'running', undefined],
  ['show', 'upsell_open', 'stopped', undefined],
  ['show', 'page_unreadable', 'stopped', 'resume'],
] as const)('in %s with the reason %s, it is %s and offers %s', (mode, reason, tone, button) => {
  expect(stateIn(mode, { reason })).toMatchObject({ tone, button, word: `control_${tone}` });
});

it('says why, with the details', () => {
  expect(stateIn('swipe', { reason: null }).why).toBe('popup_working');
  expect(stateIn('swipe', { reason: 'hold', detail: '2' }).why).toBe('reason_hold 2');
});

it('doesn’t claim to learn without the consent to learning', () => {
  expect(stateIn('learn', { reason: null })).toMatchObject({ tone: 'waiting', why: 'control_needs_consent' });
  const taste = { ...DEFAULT_SETTINGS.taste, consent: 'loopback' };
  expect(stateIn('learn', { reason: null }, { taste })).toMatchObject({ tone: 'running', why: 'popup_working' });
  expect(stateIn('learn', { reason: 'offline' }).why).toBe('reason_offline');
});
