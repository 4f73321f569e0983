import { expect, it } from 'vitest';
import { pageCheckText } from './page-check-text.ts';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/151.0.0.0 Safari/537.36';

it('has one line per role and marks counts that are not as expected', () => {
  const check = {
    site: 'tinder.com',
    view: 'profile',
    roles: [
      { role: 'active card', found: 1, wanted: 1 },
      { role: 'like button', found: 0, wanted: 1 },
      { role: 'photo tab', found: 0, wanted: 'some' as const },
      { role: 'slide', found: 8, wanted: 'some' as const },
      { role: 'dialog', found: 0, wanted: 'any' as const },
    ],
  };
  expect(pageCheckText(check, { version: '0.1.0', userAgent: CHROME }).split('\n')).toEqual([
    'Swipenet 0.1.0, Chrome 151',
    'tinder.com: profile',
    'ok  active card  1',
    '!!  like button  0 (1 wanted)',
    '!!  photo tab    0 (1 or more wanted)',
    'ok  slide        8',
    'ok  dialog       0',
  ]);
});

it.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:152.0) Gecko/20100101 Firefox/152.0', 'Firefox 152'],
  [`${CHROME} Edg/151.0.0.0`, 'Edge 151'],
  [CHROME.replace('Chrome', 'HeadlessChrome'), 'Chrome 151'],
  ['something else', 'another browser'],
])('reduces the user agent %s to a name and major version', (userAgent, name) => {
  const text = pageCheckText({ site: 's', view: 'loading', roles: [] }, { version: '1', userAgent });
  expect(text).toBe(`Swipenet 1, ${name}\ns: loading`);
});
