// The start page: opens a session with the code in the link, shows the server's state, and lets browsers in.

const HEADER = 'X-Swipenet-Session';
const STORED = 'swipenet-session';
const PAIRINGS_EVERY_MS = 1_000;
const STATE_EVERY_MS = 10_000;

// How people type commands on the server's computer.
const typed = document.documentElement.dataset;

const NO_SESSION = `To connect a browser here, open the link that ${typed.start} printed.`;
const NEW_LINK = `Run ${typed.swipenet} link for a new one.`;
const TEXTS = {
  open: 'This page is ready. When the extension asks, you can let it in here.',
  none: `${NO_SESSION} ${NEW_LINK}`,
  link_code_invalid: `The link was already used or is too old. ${NEW_LINK}`,
  session_missing: `This browser’s session has ended. ${NEW_LINK}`,
  session_invalid: `This browser’s session has ended. ${NEW_LINK}`,
  loopback_only: `You reached this server from another computer or through a proxy. Connect the extension with a code instead: run ${typed.swipenet} pair on the server’s computer.`,
  unreachable: `The server doesn’t respond. Start it again with ${typed.start}.`,
};

const get = (id) => document.getElementById(id);

/** Sends a request with the session. Throws an error whose `code` is the server's, or `unreachable`. */
async function ask(path, body) {
  const key = localStorage.getItem(STORED);
  const response = await fetch(path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...(key && { [HEADER]: key }), ...(body !== undefined && { 'Content-Type': 'application/json' }) },
    credentials: 'same-origin',
    cache: 'no-store',
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => undefined);
  const answer = await response?.json().catch(() => undefined);
  if (response?.ok && answer) return answer;
  throw Object.assign(new Error(), { code: answer?.error?.code ?? 'unreachable', message: answer?.error?.message });
}

/** Opens a session if the address has a code, and removes the code from the address and the history. */
async function openLink() {
  const code = location.hash.slice(1);
  if (!/^[\w-]{22}$/.test(code)) return;
  history.replaceState(null, '', location.pathname);
  try {
    const { key } = await ask('/v1/session', { code });
    localStorage.setItem(STORED, key);
  } catch (error) {
    if (!localStorage.getItem(STORED)) throw error; // with a session, a link that was opened twice doesn't matter
  }
}

function say(text) {
  if (get('session').textContent !== text) get('session').textContent = text;
}

function fail({ code, message }) {
  if (code === 'session_invalid' || code === 'session_missing') {
    localStorage.removeItem(STORED);
    get('state').hidden = true;
    showPairings([]);
  }
  say(TEXTS[code] ?? message);
}

const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

/** Returns what the page says of a browser that wants to connect. */
function pairingCard({ id, name, origin, check, state }) {
  const who = origin === null ? `${name} (a program, not an extension)` : name;
  const card = (...children) =>
    element('div', { id: `pairing-${id}`, className: 'pairing', tabIndex: -1 }, ...children);
  const title = (text) => element('h2', {}, text);
  if (state === 'denied') return card(title(`You denied ${who}`));
  if (state === 'allowed') return card(title(`Connecting ${who} …`));
  if (state === 'connected') {
    const demo = element('a', { className: 'button', href: '/demo' }, 'Open the demo deck');
    const tinder = element('a', { href: 'https://tinder.com', rel: 'noreferrer' }, 'open tinder.com');
    return card(title(`${who} is connected`), element('p', {}, demo), element('p', {}, 'Or ', tinder, '.'));
  }
  const decide = (text, allow, className) =>
    element('button', { type: 'button', className, onclick: () => answer(id, allow) }, text);
  return card(
    title(`${who} wants to connect`),
    element('p', {}, 'Allow it only if the extension shows the same characters:'),
    element('p', { className: 'check' }, check),
    element('div', { className: 'row' }, decide('Allow', true, 'first'), decide('Deny', false, '')),
  );
}

let shown = '[]';

/**
 * Draws the cards if something has changed, so that a button that has the focus stays. Otherwise its card gets the focus, or
 * the notice about the session if the card is gone.
 */
function showPairings(pairings) {
  const next = JSON.stringify(pairings);
  if (next === shown) return;
  shown = next;
  const focused = document.activeElement?.closest('.pairing');
  get('pairings').replaceChildren(...pairings.map(pairingCard).reverse());
  if (focused) (get(focused.id) ?? get('session')).focus();
  const waiting = pairings.filter(({ state }) => state === 'waiting').length;
  document.title = waiting > 0 ? `(${waiting}) Swipenet` : 'Swipenet';
}

async function answer(id, allow) {
  try {
    showPairings((await ask('/v1/session/pairings', { id, allow })).pairings);
  } catch (error) {
    if (error.code !== 'pairing_request_unknown') fail(error); // otherwise the next list no longer has it
  }
}

const READY = { ready: 'Ready', not_ready: 'Not ready yet', shutting_down: 'Stopping' };

function tasteText({ likes, passes, agreement }) {
  if (likes + passes === 0) return 'Nothing learned yet. Choose Learn in the extension’s popup to start.';
  const gate = agreement.isOpen ? 'Swipe is open' : 'Swipe opens once it has proven that it agrees with you';
  return `Learned from ${likes} likes and ${passes} passes. ${gate}.`;
}

async function showState() {
  const { state, model, device } = await ask('/v1/status');
  get('ready').textContent = READY[state];
  get('model').textContent = model.precision ? `${model.id} (${model.precision})` : model.id;
  get('device').textContent = `${device.name} (${device.executionProvider})`;
  get('state').hidden = false;
}

async function showTaste() {
  const taste = await ask('/v1/taste').catch(() => undefined); // a broken database must not hide the rest
  get('taste').textContent = taste ? tasteText(taste) : 'Can’t be read at the moment';
}

/** Does something now and again and again, while there is a session. One failure doesn't end it. */
async function repeat(work, everyMs) {
  for (;;) {
    if (localStorage.getItem(STORED)) await work().catch(fail);
    await new Promise((done) => setTimeout(done, everyMs));
  }
}

async function watchPairings() {
  const { pairings } = await ask('/v1/session/pairings');
  showPairings(pairings);
  say(TEXTS.open);
}

/** Brings everything up to date, for example when the person comes back to the page. */
async function refresh() {
  if (localStorage.getItem(STORED)) await Promise.all([watchPairings(), showState(), showTaste()]).catch(fail);
}

async function start() {
  const failed = await openLink().catch((error) => error);
  if (failed) fail(failed);
  else if (!localStorage.getItem(STORED)) say(TEXTS.none);
  await refresh();
}

/** Repeats a task for as long as the page is open. */
function keepWatching() {
  void repeat(watchPairings, PAIRINGS_EVERY_MS);
  void repeat(showState, STATE_EVERY_MS);
}

window.addEventListener('hashchange', start);
document.addEventListener('visibilitychange', () => void (!document.hidden && refresh()));
await start();
keepWatching();
