// The structure twin of a dating page. Its pages match test/twins/tinder/outlines/. What the outlines don't show is ours: the
// geometry (geometry.css) and how the page moves.
import { createDialogs } from './dialogs.js';
import { classes, element, generatedId } from './dom.js';
import { drift } from './drift/drift.js';
import { driftEvents } from './drift/events.js';
import { maybeInShadow } from './drift/shadow.js';
import { createGamepad, PAID } from './gamepad.js';
import { listenToKeys } from './keys.js';
import { labels, rightToLeft } from './labels.js';
import { createLayers } from './layers.js';
import { options } from './options.js';
import { createPlace } from './place.js';
import { sidebar } from './places.js';
import { report } from './reporter.js';
import { createStack } from './stack.js';
import { createSupply } from './supply.js';
import { createSwipes } from './swipes.js';
import { createTwin } from './twin.js';

document.documentElement.lang = options.lang;
if (rightToLeft) document.documentElement.dir = 'rtl';

const [app, modals] = document.body.children;
const main = element('main', { class: classes('deck'), id: generatedId() });
const dialogs = createDialogs(modals, (by, via, event, paid) => deed(by, via, event, paid));
const supply = createSupply(
  () => {
    if (!place.isForced()) stack.refill();
    place.update(); // nobody may have come, and that is news too
  },
  (entries) => {
    report({ data: entries.map(({ index }) => index) });
    if (drift.get('late-data').grows) stack.rerenderAll();
  },
);
const surface = { open: (profile) => place.open(profile), close: () => place.close() };
const stack = createStack(supply, deed, surface, onTop);
const swipes = createSwipes(stack, dialogs);
const gamepads = [false, true].map((isOpen) => createGamepad((by, via, event) => act(by, via, event), isOpen));
const [pad, openPad] = gamepads.map(({ node }) => maybeInShadow('row', node));
const place = createPlace({ app, main, stack, supply, deck: maybeInShadow('deck', stack.node), pad, openPad });
const layers = createLayers(modals, (by, via, event, paid) => deed(by, via, event, paid), {
  like: () => gamepads[Number(isOpen())].place('like'),
  nope: () => gamepads[Number(isOpen())].place('nope'),
  card: () => (isOpen() ? main.querySelector('.box') : stack.active()?.shell()),
});
const happen = driftEvents({ layers, stack });
const opened = new Set();

app.className = 'app';
if (drift.get('zoom')) main.style.zoom = String(drift.get('zoom').factor);
if (drift.get('ticker')) tick(app, drift.get('ticker').everyMs);
app.append(sidebar(), main);
if (drift.get('off-screen')) app.classList.add(`off-screen-${drift.get('off-screen').what}`);
place.update();
listenToKeys(
  (by, event) => act(by, 'key', event),
  () => dialogs.kind() !== undefined || layers.name() !== undefined,
);
window.twin = createTwin({ dialogs, gamepad: gamepads[0], place, layers, stack, swipes });
document.title = `${labels.matches} | twin`;
for (const name of options.show.split(',').filter(Boolean)) window.twin.show(name);

/** Adds an element that changes all the time. */
function tick(parent, everyMs) {
  const ticker = element('div', { class: classes('ticker') }, '0');
  parent.after(ticker);
  setInterval(() => {
    ticker.textContent = String(Number(ticker.textContent) + 1);
  }, everyMs);
}

function isOpen() {
  return stack.active()?.isOpen() ?? false;
}

/** Notes what was done, before it takes effect. */
function deed(by, via, event, paid = PAID.includes(by)) {
  const { isTrusted: trusted } = event;
  const entry = stack.active()?.entry;
  const over = dialogs.kind() ?? layers.name() ?? null;
  const step = entry?.index ?? null;
  const unseen = via === 'button' && !isInView(event.currentTarget);
  report({ by, via, trusted, paid, step, over, fake: entry?.fake ?? false, unseen });
}

/** Could a person click the middle of an element? */
function isInView(node) {
  const { left, top, width, height } = node.getBoundingClientRect();
  const [x, y] = [left + width / 2, top + height / 2];
  return width > 0 && x >= 0 && y >= 0 && x <= innerWidth && y <= innerHeight;
}

/** A button or key of the deck. */
function act(by, via, event) {
  const card = stack.active();
  if (by === 'open-profile') return card?.openProfile(event, via);
  if (by === 'close-profile') return card?.closeProfile(event, via);
  deed(by, via, event);
  if (by === 'next-photo') card?.step(1);
  if (by === 'rewind') void swipes.rewind();
  if (['nope', 'like', 'super-like'].includes(by)) void swipes.swipe(by, event.isTrusted);
}

/** Another card is on top, or none. */
function onTop(entry) {
  place.update();
  if (!entry) return;
  if (!entry.fake) report({ top: entry.index, photos: entry.profile.photos.length });
  if (opened.has(entry.profile._id)) return;
  opened.add(entry.profile._id);
  happen(entry);
  const { before, rerenderAfterMs } = entry.plan;
  if (before) dialogs.open(before, entry.profile);
  if (rerenderAfterMs !== undefined) {
    setTimeout(() => {
      if (stack.active()?.entry === entry) stack.rerender();
    }, rerenderAfterMs);
  }
}
