// @vitest-environment happy-dom
import { beforeEach, expect, it } from 'vitest';
import { type Anchor, matchedBy, resolve, resolveAll } from './roles.ts';

const anchor = (match: string, text?: RegExp): Anchor => ({
  match,
  since: '2026-05',
  why: 'test',
  ...(text && { text }),
});
const LIKE = [anchor('[data-like]'), anchor('button', /^like$/i), anchor('.like')];

beforeEach(() => {
  document.body.innerHTML = '';
});

const idsOf = (elements: readonly Element[]) => elements.map(({ id }) => id);
const put = (html: string) => document.body.insertAdjacentHTML('beforeend', html);

it('finds a role by its first anchor that matches anything', () => {
  put('<i class="like" id="c"></i><button id="x">Nope</button><button id="b"> Like </button>');
  expect(idsOf(resolve(LIKE, document))).toEqual(['b']);
  expect(matchedBy(LIKE, document)).toBe('2+3/3');
  put('<i data-like id="a"></i>');
  expect(idsOf(resolve(LIKE, document))).toEqual(['a']);
  expect(matchedBy(LIKE, document)).toBe('1+2+3/3');
});

it('tries the next anchor if none of the first one’s elements is accepted', () => {
  put('<i data-like id="a"></i><i class="like" id="c"></i>');
  expect(idsOf(resolve(LIKE, document, ({ id }) => id !== 'a'))).toEqual(['c']);
});

it('finds everything that any anchor matches, once and in document order', () => {
  put('<i class="like" id="c"></i><i data-like class="like" id="a"></i>');
  expect(idsOf(resolveAll([LIKE[0]!, LIKE[2]!], document))).toEqual(['c', 'a']);
});

it('reports that nothing matches', () => {
  expect(resolve(LIKE, document)).toEqual([]);
  expect(matchedBy(LIKE, document)).toBe('0/3');
  expect(matchedBy(LIKE, undefined)).toBe('0/3');
});
