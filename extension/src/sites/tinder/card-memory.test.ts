// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { CardMemory, type CardSight } from './card-memory.ts';

let memory = new CardMemory();
beforeEach(() => {
  memory = new CardMemory();
});

const one = document.createElement('div');
const another = document.createElement('div');
const sight = (change: Partial<CardSight> = {}): CardSight => ({
  element: one,
  name: 'Ann',
  age: 26,
  index: 0,
  token: 'a0',
  profileId: undefined,
  ...change,
});
const keyOf = (change: Partial<CardSight> = {}) => memory.recognize(sight(change))?.key;

describe('recognizes the same profile', () => {
  it('while paging through its photos', () => {
    const key = keyOf();
    expect(keyOf({ index: 1, token: 'a1' })).toBe(key);
    expect(keyOf({ index: 2, token: undefined })).toBe(key);
    expect(keyOf({ index: 0, token: 'a0' })).toBe(key);
  });

  it('re-rendered at any photo that was seen', () => {
    const key = keyOf();
    keyOf({ index: 1, token: 'a1' });
    expect(keyOf({ element: another, index: 0, token: 'a0' })).toBe(key);
    expect(keyOf({ element: document.createElement('div'), index: 1, token: 'a1' })).toBe(key);
  });

  it('when its photo loads late', () => {
    const key = keyOf({ token: undefined });
    expect(keyOf({ token: 'a0' })).toBe(key);
  });

  it('when it is opened at another photo without showing its age', () => {
    const key = keyOf({ profileId: 'id-a' });
    expect(keyOf({ element: another, age: undefined, index: 3, token: 'a3', profileId: 'id-a' })).toBe(key);
  });

  it('when it comes back after another one', () => {
    const key = keyOf();
    expect(keyOf({ element: another, name: 'Bea', token: 'b0' })).not.toBe(key);
    expect(keyOf()).toBe(key);
  });
});

describe('recognizes another profile', () => {
  it('by its name, before any photo has loaded', () => {
    const key = keyOf();
    expect(keyOf({ element: another, name: 'Bea', token: undefined })).not.toBe(key);
  });

  it('by its photo, with the same name and age', () => {
    const key = keyOf();
    expect(keyOf({ element: another, token: 'n0' })).not.toBe(key);
  });

  it('by its first photo, with the same name and age in the same element', () => {
    const key = keyOf();
    keyOf({ index: 2, token: 'a2' });
    expect(keyOf({ token: 'n0' })).not.toBe(key);
  });

  it('by the page’s data, with the same name and age in the same element', () => {
    const key = keyOf({ index: 1, token: 'a1', profileId: 'id-a' });
    expect(keyOf({ index: 1, token: 'n1', profileId: 'id-n' })).not.toBe(key);
  });
});

it('recognizes no card while it could be the same one or a namesake, with its photo still loading', () => {
  const key = keyOf();
  expect(keyOf({ element: another, token: undefined })).toBeUndefined();
  expect(keyOf({ element: another, token: 'n0' })).not.toBe(key);
});

it('ignores a card without a name, which is still being rendered', () => {
  expect(keyOf({ name: undefined })).toBeUndefined();
});

it('remembers which profiles have been on top', () => {
  keyOf({ profileId: 'id-a' });
  expect(memory.hasShown('id-a')).toBe(true);
  expect(memory.hasShown('id-b')).toBe(false);
});
