import { classes, element } from './dom.js';
import { drift } from './drift/drift.js';
import { maybeInShadow } from './drift/shadow.js';
import { labels } from './labels.js';

const GRADIENT = 'linear-gradient(rgba(0, 0, 0, 0.35), transparent 18%)';

/** Makes the content of a slide. In an open profile a photo is inside a shadow element. */
export function mediaOf(photo, at, open) {
  const shade = element('div', { class: classes('shade'), style: { backgroundImage: GRADIENT } });
  if (photo.media_type === 'video') return [videoOf(photo), shade];
  const node = photoOf(urlOf(photo), at, open);
  if (!open) return [node, shade];
  return [element('div', { class: classes('profileCard__slider__imgShadow', 'imgShadow') }, node)];
}

/** The URL of the size that a card shows. */
export function urlOf(photo) {
  return (photo.processedFiles?.find(({ width }) => width === 640) ?? photo).url;
}

function videoOf(photo) {
  const source = element('source', { src: photo.processedVideos[0].url, type: 'video/mp4' });
  const video = element('video', { class: classes('video'), loop: true, muted: true, playsinline: true }, source);
  video.preload = 'none'; // the twin has no moving pictures
  return video;
}

function photoOf(url, at, open) {
  const named = {
    part: 'photo',
    class: classes(open ? 'profileCard__slider__img' : 'StretchedBox', 'sentry-block', 'photo'),
    'aria-hidden': 'false',
    role: 'img',
    'aria-label': labels.photo(at + 1),
  };
  return maybeInShadow('photo', TECHNIQUES[drift.get('image')?.technique ?? 'inline'](named, url));
}

/** Ways to show a photo. The first is that of the outlines; a redesign could use the others. */
const TECHNIQUES = {
  inline: (named, url) => element('div', { ...named, style: { backgroundImage: `url("${url}")` } }),
  shorthand: (named, url) => element('div', { ...named, style: { background: `center / cover url("${url}")` } }),
  'image-set': (named, url) => element('div', { ...named, style: { backgroundImage: `image-set(url("${url}") 1x)` } }),
  layered: (named, url) => element('div', { ...named, style: { backgroundImage: `${GRADIENT}, url("${url}")` } }),
  variable(named, url) {
    const node = element('div', { ...named, class: `${named.class} by-variable` });
    node.style.setProperty('--photo', `url("${url}")`);
    return node;
  },
  pseudo(named, url) {
    const node = element('div', { ...named, class: `${named.class} by-pseudo` });
    node.style.setProperty('--photo', `url("${url}")`);
    return node;
  },
  sheet(named, url) {
    const own = `p${Math.abs(hash(url)).toString(36)}`;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`.${own} { background-image: url("${url}"); }`);
    document.adoptedStyleSheets.push(sheet);
    return element('div', { ...named, class: `${named.class} ${own}` });
  },
  img: ({ role, ...named }, url) => element('img', { ...named, src: url, alt: named['aria-label'] }),
  picture({ role, ...named }, url) {
    const source = element('source', { srcset: url, type: 'image/webp' });
    return element('picture', {}, source, element('img', { ...named, src: url, alt: '' }));
  },
  svg(named, url) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const image = document.createElementNS('http://www.w3.org/2000/svg', 'image');
    for (const [name, value] of Object.entries({ href: url, width: '100%', height: '100%' })) {
      image.setAttribute(name, value);
    }
    svg.classList.add('photo');
    svg.setAttribute('preserveAspectRatio', 'xMidYMid slice');
    svg.append(image);
    return element('div', named, svg);
  },
};

function hash(text) {
  let sum = 0;
  for (const letter of text) sum = (sum * 31 + letter.codePointAt(0)) | 0;
  return sum;
}
