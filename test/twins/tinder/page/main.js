// The structure twin of a dating page: its roles, attributes and order are those of facts/sites.md, the rest is its own.
import { createDialogs } from './dialogs.js';
import { classes, element } from './dom.js';
import { createGamepad } from './gamepad.js';
import { listenToKeys } from './keys.js';
import { labels } from './labels.js';
import { onExplore } from './open-profile.js';
import { options } from './options.js';
import { createPlace } from './place.js';
import { offscreenSheet, sidebar } from './places.js';
import { report, wallMs } from './reporter.js';
import { createStack } from './stack.js';
import { createSupply } from './supply.js';
import { createSwipes } from './swipes.js';
import { createTwin } from './twin.js';

document.documentElement.lang = options.lang;

const [app, modals] = document.body.children;
const main = element('main', { class: classes('deck') });
const dialogs = createDialogs(modals, (by, via, event, paid) => deed(by, via, event, paid));
const supply = createSupply(() => {
  if (!place.isForced()) stack.refill();
  place.update(); // nobody may have come, and that is news too
});
const stack = createStack(supply, deed, onTop);
const swipes = createSwipes(stack, dialogs);
const gamepad = createGamepad((by, via, event) => act(by, via, event));
const place = createPlace({ app, main, modals, parts: [stack.node, gamepad.node], stack, supply });
const opened = new Set();

app.className = 'app';
app.append(sidebar(), main);
if (onExplore()) app.append(offscreenSheet());
place.update();
listenToKeys(
  (by, event) => act(by, 'key', event),
  () => dialogs.kind() !== undefined || place.layer() !== undefined,
);
window.twin = createTwin({ dialogs, gamepad, place, stack, swipes });
document.title = `${labels.matches} | twin`;
for (const name of options.show.split(',').filter(Boolean)) window.twin.show(name);

const PAID = ['super-like', 'rewind', 'boost', 'first-impression'];

/** Notes what was done, before it takes effect. */
function deed(by, via, { isTrusted: trusted }, paid = PAID.includes(by)) {
  const step = stack.active()?.entry.index ?? null;
  report({ by, via, trusted, paid, step, over: dialogs.kind() ?? place.layer() ?? null, atMs: wallMs() });
}

/** A button or key of the deck. */
function act(by, via, event) {
  const card = stack.active();
  if (by === 'open-profile') return card?.openProfile(event, via);
  if (by === 'close-profile') return card?.closeProfile(event, via);
  deed(by, via, event);
  if (by === 'next-photo') card?.step(1);
  if (['nope', 'like', 'super-like'].includes(by)) void swipes.swipe(by, event.isTrusted);
}

/** Another card is on top, or none. */
function onTop(entry) {
  place.update();
  if (entry) report({ top: entry.index, atMs: wallMs() });
  if (!entry || opened.has(entry.profile._id)) return;
  opened.add(entry.profile._id);
  const { before, rerenderAfterMs } = entry.plan;
  if (before) dialogs.open(before, entry.profile.name);
  if (rerenderAfterMs !== undefined) {
    setTimeout(() => {
      if (stack.active()?.entry === entry) stack.rerender();
    }, rerenderAfterMs);
  }
}
