// The demo dating page. docs/demo-page.md describes its structure.
import { createDeck } from './deck.js';
import { showMatch } from './match-dialog.js';
import { createReporter } from './run-reporter.js';

const DIRECTIONS = { nope: 'left', like: 'right', 'super-like': 'up' };
const KEYS = { ArrowLeft: 'nope', ArrowRight: 'like', Enter: 'super-like', Backspace: 'rewind' };

const one = (name) => document.querySelector(`[data-demo=${name}]`);
const page = one('page');
const parameters = new URLSearchParams(location.search);
// Without any parameter, every visit shows other people, because Swipenet holds everyone who was swiped before.
if (parameters.size === 0) parameters.set('seed', String(crypto.getRandomValues(new Uint32Array(1))[0]));
const seed = Number(parameters.get('seed') ?? 1);
const run = parameters.get('run') ?? freshRun();
page.dataset.run = run;

page.dataset.unreported = '0';
const report = createReporter(run, (count) => {
  page.dataset.unreported = String(count);
});
const profiles = await loadProfiles();
const deck = createDeck(one('deck'), profiles, showLeft);
let matchShown = false;

for (const kind of Object.values(KEYS)) {
  one(kind).addEventListener('click', (event) => {
    // After a mouse click, the page keeps getting the keys, also when a dialog that opens now gives the focus back.
    if (event.detail > 0) event.currentTarget.blur();
    press(kind, 'button', event);
  });
}
document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  // A focused button handles Space and Enter itself.
  const pressesFocused = event.key === ' ' || event.key === 'Enter';
  if (pressesFocused && event.target instanceof Element && event.target.closest('button, a')) return;
  const kind = KEYS[event.key];
  if (kind) press(kind, 'key', event);
  else if (event.key === ' ' && !matchShown) deck.nextPhoto();
  else return;
  event.preventDefault();
});

function press(kind, input, { isTrusted: trusted }) {
  if (matchShown) return;
  if (kind === 'rewind') rewind(input, trusted);
  else swipe(kind, input, trusted);
}

function rewind(input, trusted) {
  const profile = deck.rewind();
  if (!profile) return;
  report({ kind: 'rewind', profile: profile.id, input, trusted });
  one('deck').dataset.swiped = `${profile.id} back`;
}

function swipe(kind, input, trusted) {
  const profile = deck.active();
  if (!profile) return;
  report({ kind, profile: profile.id, input, trusted });
  one('deck').dataset.swiped = `${profile.id} ${DIRECTIONS[kind]}`;
  deck.swipe(DIRECTIONS[kind]);
  if (kind === 'nope' || !profile.likesBack) return;
  matchShown = true;
  showMatch(page, profile.name, (event, by) => {
    matchShown = false;
    report({ kind: 'match-dismissed', profile: profile.id, input: by, trusted: event.isTrusted });
  });
}

function showLeft(left, swiped) {
  one('left').textContent = left === 0 ? '' : `${left} left`;
  one('deck').hidden = left === 0;
  one('end').hidden = left > 0;
  one('again').href = `/demo?${nextDeck()}`;
  one('rewind').disabled = swiped === 0;
  for (const kind of Object.keys(DIRECTIONS)) one(kind).disabled = left === 0;
}

/** Returns the parameters of a deck like this one, with the next seed and a run of its own. */
function nextDeck() {
  const next = new URLSearchParams(parameters);
  next.delete('run');
  next.set('seed', String(seed + 1));
  return next;
}

async function loadProfiles() {
  const query = new URLSearchParams(parameters);
  query.delete('run');
  const response = await fetch(`/demo/profiles?${query}`);
  return response.json();
}

/** Creates an id of 64 random bits. `crypto.randomUUID` is missing if the page is served over HTTP from another machine. */
function freshRun() {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
