/** Creates an element with attributes and children. */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/**
 * Creates a profile's card. It has a single photo node. The first photo loads with the card, the others when their tabs are
 * selected.
 *
 * @param {{id: string, name: string, age: number, bio: string, distance?: string, isVerified: boolean, photoCount: number,
 *   wouldLike?: boolean}} profile
 */
export function createCard(profile) {
  const { id, name, age, bio, distance, isVerified, photoCount, wouldLike } = profile;
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
      if (event.detail > 0) tab.blur(); // after a mouse click, the page keeps getting the keys
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
    ...(isVerified
      ? [element('span', { class: 'verified', 'data-demo': 'verified', role: 'img', 'aria-label': 'Verified' }, '✓')]
      : []),
  );
  const where = distance ? [element('p', { class: 'where', 'data-demo': 'distance' }, `${distance} away`)] : [];
  const about = element(
    'div',
    { class: 'about' },
    heading,
    ...where,
    element('p', { class: 'bio', 'data-demo': 'bio' }, bio),
  );
  const node = element('article', { class: 'card', 'data-demo': 'card', 'data-profile': id }, carousel, about);
  if (wouldLike !== undefined) node.dataset.wouldLike = String(wouldLike);
  let selected = 0;

  /** Selects photo `index`. Shows nothing until it is loaded, or if it fails. */
  function select(index) {
    if (selected === index && photo.dataset.state === 'loaded') return; // a failed photo is retried
    selected = index;
    for (const [at, tab] of tabs.entries()) {
      tab.setAttribute('aria-selected', String(at === index));
      tab.tabIndex = at === index ? 0 : -1;
    }
    const url = `/demo/photos/${id}/${index}.jpg`;
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
    /** Moves the card to a place in the stack. Only the card in place 0 is active. */
    place(index) {
      node.dataset.place = String(index);
      node.setAttribute('aria-hidden', String(index > 0));
      node.inert = index > 0;
    },
    /** Throws the card off the screen. It stays in the document until the animation ends. */
    throwOff(direction) {
      node.setAttribute('aria-hidden', 'true');
      node.inert = true;
      delete node.dataset.place;
      node.dataset.thrown = direction;
      setTimeout(() => node.remove(), 150);
    },
  };
}
