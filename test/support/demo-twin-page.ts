/** The twin's page: structure and behaviour of docs/demo-page.md, and no more looks than a screenshot needs. */
export const TWIN_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8"><title>Twin</title>
<style>
  body { margin: 0; font: 16px system-ui; background: #e9e6f0; }
  [data-demo=deck] { position: relative; width: 360px; height: 560px; margin: 24px auto 16px; }
  [data-demo=card] { position: absolute; inset: 0; border-radius: 18px; overflow: hidden; background: #333; color: #fff; }
  [data-demo=photo] { position: absolute; inset: 0; background-size: cover; background-position: center; }
  [role=tablist] { position: absolute; z-index: 1; top: 8px; left: 8px; right: 8px; display: flex; gap: 4px; }
  [role=tab] { flex: 1; height: 6px; padding: 0; border: 0; border-radius: 3px; background: #ffffff70; }
  [role=tab][aria-selected=true] { background: #fff; }
  .about { position: absolute; bottom: 0; padding: 16px; text-shadow: 0 1px 4px #000; }
  .buttons { display: flex; gap: 16px; justify-content: center; }
  .buttons button { width: 64px; height: 64px; border-radius: 50%; border: 0; font-size: 22px; }
  [role=dialog] { position: fixed; inset: 0; margin: auto; width: 280px; height: 140px; background: #fff; padding: 24px; z-index: 2; }
  [hidden] { display: none; }
</style>
<main data-demo="page">
  <div role="region" data-demo="deck" aria-label="Card stack"></div>
  <div class="buttons">
    <button data-demo="nope">✕</button><button data-demo="super-like">★</button><button data-demo="like">♥</button>
  </div>
  <p data-demo="end" hidden>That is all for now.</p>
</main>
<script type="module">
  const parameters = new URLSearchParams(location.search);
  const run = parameters.get('run') ?? crypto.randomUUID();
  const seed = parameters.get('seed') ?? 1;
  const profiles = await (await fetch('/demo/profiles?' + parameters)).json();
  const deck = document.querySelector('[data-demo=deck]');
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const dialog = make('div', { role: 'dialog', 'aria-modal': 'true', 'data-demo': 'match', hidden: '' },
    'It is a match! ', make('button', { 'data-demo': 'dismiss' }, 'Keep swiping'));
  document.body.append(dialog);
  let next = 0, likes = 0;

  function select(card, index) {
    for (const [at, tab] of card.querySelectorAll('[role=tab]').entries()) tab.setAttribute('aria-selected', at === index);
    const photo = card.querySelector('[data-demo=photo]');
    const url = '/demo/photos/' + seed + '/' + card.dataset.profile + '/' + index + '.jpg';
    photo.style.backgroundImage = '';
    photo.dataset.state = 'loading';
    const image = new Image();
    const current = () => card.querySelectorAll('[role=tab]')[index].ariaSelected === 'true';
    image.onload = () => { if (!current()) return; photo.style.backgroundImage = 'url("' + url + '")'; photo.dataset.state = 'loaded'; };
    image.onerror = () => { if (current()) photo.dataset.state = 'failed'; };
    image.src = url;
  }
  function add(profile) {
    const tabs = Array.from({ length: profile.photos }, (_, index) =>
      make('button', { role: 'tab', 'aria-selected': 'false', 'aria-label': 'Photo ' + (index + 1) }));
    const card = make('article', { 'data-demo': 'card', 'data-profile': profile.id, 'aria-hidden': 'true', inert: '' },
      make('section', { 'aria-roledescription': 'carousel' }, make('div', { role: 'tablist' }, ...tabs),
        make('div', { role: 'img', 'data-demo': 'photo' })),
      make('div', { class: 'about' }, make('b', { itemprop: 'name' }, profile.name), ' ', make('span', { itemprop: 'age' }, profile.age),
        make('p', { 'data-demo': 'bio' }, 'Likes long walks over synthetic hills.')));
    tabs.forEach((tab, index) => tab.addEventListener('click', () => select(card, index)));
    deck.prepend(card);
    select(card, 0);
  }
  const alive = () => [...deck.children].filter((card) => !card.dataset.gone);
  function fill() {
    while (alive().length < 3 && next < profiles.length) add(profiles[next++]);
    const top = alive().at(-1);
    if (top) { top.setAttribute('aria-hidden', 'false'); top.removeAttribute('inert'); }
    else document.querySelector('[data-demo=end]').hidden = false;
  }
  const record = (entry) => fetch('/demo/record?run=' + run, { method: 'POST', body: JSON.stringify(entry), keepalive: true });
  function swipe(kind, input, trusted) {
    const top = alive().at(-1);
    if (!top || !dialog.hidden) return;
    record({ kind, profile: top.dataset.profile, input, trusted });
    top.dataset.gone = '1';
    top.setAttribute('aria-hidden', 'true');
    top.setAttribute('inert', '');
    top.style.transform = 'translate3d(2055px, 0, 0)';
    setTimeout(() => top.remove(), 150);
    fill();
    if (kind === 'like' && ++likes % 4 === 0) { dialog.dataset.profile = top.dataset.profile; dialog.hidden = false; }
  }
  for (const kind of ['nope', 'super-like', 'like']) {
    document.querySelector('[data-demo=' + kind + ']').addEventListener('click', (event) => swipe(kind, 'button', event.isTrusted));
  }
  dialog.querySelector('button').addEventListener('click', (event) => {
    dialog.hidden = true;
    record({ kind: 'match-dismissed', profile: dialog.dataset.profile, input: 'button', trusted: event.isTrusted });
  });
  addEventListener('keydown', ({ key, isTrusted }) => {
    const kind = { ArrowLeft: 'nope', ArrowRight: 'like', Enter: 'super-like' }[key];
    if (kind) swipe(kind, 'key', isTrusted);
  });
  fill();
</script>
</html>`;
