/** Makes an element with attributes and children. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/**
 * One profile's card. It has one photo node; a photo is fetched when its tab is selected, the first one with the card.
 *
 * @param {number} seed the deck's seed
 * @param {{id: string, name: string, age: number, bio: string, photoCount: number}} profile
 */
export function createCard(seed, profile) {
  const { id, name, age, bio, photoCount } = profile;
  const photo = element('div', { class: 'photo', role: 'img', 'data-demo': 'photo', id: `photo-${id}` });
  const tabs = Array.from({ length: photoCount }, (_, index) => {
    const label = `Photo ${index + 1} of ${photoCount}`;
    const tab = element('button', {
      class: 'tab',
      type: 'button',
      role: 'tab',
      'aria-label': label,
      'aria-controls': photo.id,
    });
    tab.addEventListener('click', (event) => {
      select(index);
      if (event.detail > 0) tab.blur(); // a mouse click leaves the keys to the page
    });
    return tab;
  });
  const carousel = element(
    'section',
    { class: 'carousel', 'aria-roledescription': 'carousel', 'aria-label': `${name}’s photos` },
    element('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Photos' }, ...tabs),
    photo,
  );
  const heading = element(
    'h2',
    {},
    element('span', { itemprop: 'name' }, name),
    element('span', { itemprop: 'age' }, String(age)),
  );
  const about = element('div', { class: 'about' }, heading, element('p', { class: 'bio', 'data-demo': 'bio' }, bio));
  const node = element('article', { class: 'card', 'data-demo': 'card', 'data-profile': id }, carousel, about);
  let selected = 0;

  /** Shows photo `index`: nothing until it is loaded, and nothing if it fails. */
  function select(index) {
    if (selected === index && photo.dataset.state === 'loaded') return; // one that failed is tried again
    selected = index;
    for (const [at, tab] of tabs.entries()) {
      tab.setAttribute('aria-selected', String(at === index));
      tab.tabIndex = at === index ? 0 : -1;
    }
    const url = `/demo/photos/${seed}/${id}/${index}.jpg`;
    photo.setAttribute('aria-label', `Photo ${index + 1} of ${photoCount} of ${name}`);
    photo.dataset.state = 'loading';
    photo.style.backgroundImage = '';
    const image = new Image();
    const settle = (state) => {
      if (selected !== index || photo.dataset.state !== 'loading') return;
      photo.dataset.state = state;
      if (state === 'loaded') photo.style.backgroundImage = `url("${url}")`;
    };
    image.addEventListener('load', () => settle('loaded'));
    image.addEventListener('error', () => settle('failed'));
    image.src = url;
  }

  select(0);
  return {
    node,
    profile,
    nextPhoto: () => select((selected + 1) % photoCount),
    /** Puts the card at a place of the stack; only place 0 can be used. */
    place(index) {
      node.dataset.place = String(index);
      node.setAttribute('aria-hidden', String(index > 0));
      node.inert = index > 0;
    },
    /** Throws the card off the screen; it lingers for the length of its flight. */
    throwOff(direction) {
      node.setAttribute('aria-hidden', 'true');
      node.inert = true;
      delete node.dataset.place;
      node.dataset.thrown = direction;
      setTimeout(() => node.remove(), 150);
    },
  };
}
