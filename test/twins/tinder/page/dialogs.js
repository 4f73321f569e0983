import { button, classes, element } from './dom.js';
import { labels } from './labels.js';

// Each: what it says and its buttons in order. The first of some costs money.
const DIALOGS = {
  match: (name) => ({ heading: ['h1', labels.matched(name)], match: true }),
  'match-bare': (name) => ({ heading: ['h1', labels.matched(name)], match: true, bare: true }),
  upsell: () => ({
    heading: ['h3', labels.upgrade],
    text: labels.upgradeText,
    buttons: [[labels.sendSuper], [labels.noThanks]],
    paid: true,
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

  function open(kind, name = '') {
    if (up) return void queued.push([kind, name]);
    const { heading, text, buttons = [], testid, paid = false, match = false, bare = false } = DIALOGS[kind](name);
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
    const role = bare ? {} : { role: 'dialog', 'aria-modal': 'true' };
    const dialog = element(
      'div',
      { class: classes('dialog', match && 'match'), 'data-testid': testid, ...role },
      element(heading[0], {}, heading[1]),
      ...(text ? [element('p', {}, text)] : []),
      ...(match ? matchParts(kind, onDeed, close) : made),
    );
    up = { kind, veil: element('div', { class: classes('veil') }, dialog) };
    root.append(up.veil);
  }

  return { open, close, kind: () => up?.kind };
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
