import { button, classes, element, generatedId, wrapped } from './dom.js';
import { labels } from './labels.js';
import { urlOf } from './media.js';

// Each: what it says and its buttons in order. The first of some costs money.
const DIALOGS = {
  match: (name) => ({ heading: ['h1', labels.matched(name)], match: true }),
  'match-bare': (name) => ({ heading: ['h1', labels.matched(name)], match: true, bare: true }),
  upsell: () => ({
    heading: ['h3', labels.upgrade],
    text: labels.upgradeText,
    buttons: [[labels.sendSuper], [labels.noThanks]],
    paid: true,
    pictures: true,
  }),
  'add-to-home': () => ({
    heading: ['h2', labels.homeScreen],
    text: labels.homeScreenText,
    testid: 'addToHomeScreen',
    buttons: [[labels.add], [labels.notNow, 'decline']],
  }),
  location: () => asking(labels.location, labels.locationText),
  notifications: () => asking(labels.notifications, labels.notificationsText),
  'out-of-likes': () => ({
    heading: ['h1', labels.outOfLikes],
    text: labels.outOfLikesText,
    buttons: [[labels.unlimited], [labels.later]],
    paid: true,
  }),
  unknown: () => ({
    heading: ['h2', labels.unknown],
    text: labels.unknownText,
    buttons: [[labels.takeTour], [labels.later]],
    paid: true, // nobody knows what it does
  }),
};

function asking(heading, text) {
  const buttons = [
    [labels.allow, 'allow'],
    [labels.decline, 'decline'],
  ];
  return { heading: ['h2', heading], text, buttons };
}

/** The names of all dialogs. */
export const DIALOG_NAMES = Object.keys(DIALOGS);

/**
 * What lies over the page, one at a time.
 *
 * @param {Element} root where it is put
 * @param {(by: string, via: 'button', event: Event, paid: boolean) => void} onDeed
 */
export function createDialogs(root, onDeed) {
  const queued = [];
  let up;

  function close() {
    up?.veil.remove();
    up = undefined;
    const next = queued.shift();
    if (next) open(...next);
  }

  function open(kind, { name, photos } = { name: '', photos: [] }) {
    if (up) return void queued.push([kind, { name, photos }]);
    const said = DIALOGS[kind](name);
    const { heading, text, buttons = [], testid, paid = false, match = false, bare = false } = said;
    const made = buttons.map(([label, id], at) =>
      button(
        { class: classes('choice', at === 0 && 'first'), 'data-testid': id },
        (event) => {
          onDeed(`${kind}-${at === 0 ? 'first' : 'second'}`, 'button', event, paid && at === 0);
          close();
        },
        label,
      ),
    );
    const id = generatedId();
    const role = bare ? {} : { 'aria-labelledby': id, role: 'dialog', 'aria-modal': 'true' };
    const words = [element(heading[0], { id }, heading[1]), ...(text ? [element('p', {}, text)] : [])];
    const dialog = element(
      'div',
      { class: classes('dialog', match && 'match'), 'data-testid': testid, ...role },
      ...(said.pictures ? pictured(photos, words) : words),
      ...(match ? matchParts(kind, onDeed, close) : made),
    );
    up = { kind, veil: element('div', { class: classes('StretchedBox', 'veil') }, dialog) };
    root.append(up.veil);
  }

  return { open, close, kind: () => up?.kind };
}

/** The offer after a like shows the liked person's photo exactly like a card does. */
function pictured(photos, words) {
  const picture = (url, ...children) =>
    element(
      'div',
      {
        class: classes('sentry-block', 'portrait'),
        'aria-hidden': 'false',
        role: 'img',
        'aria-label': labels.upgrade,
        style: { backgroundImage: `url("${url}")` },
      },
      ...children,
    );
  const [liked] = photos.filter(({ media_type }) => media_type !== 'video');
  return [...wrapped(1, liked && picture(urlOf(liked))), picture('https://tinder.com/static/offer.svg', ...words)];
}

function matchParts(kind, onDeed, close) {
  const back = button(
    { class: classes('choice'), title: labels.backToApp },
    (event) => {
      onDeed(`${kind}-back`, 'button', event, false);
      close();
    },
    '×',
  );
  const send = button(
    { class: classes('choice', 'first') },
    (event) => onDeed(`${kind}-send`, 'button', event, false),
    labels.send,
  );
  return [
    element('textarea', { class: classes('say'), placeholder: labels.say, 'aria-label': labels.say }),
    send,
    back,
  ];
}
