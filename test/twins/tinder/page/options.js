const DEFAULTS = {
  lang: 'en',
  show: '',
  from: 0,
  animationMs: 120,
  lingerMs: 400,
  gapMs: 0,
  lazyDelayMs: 40,
  keepPhotos: false,
  soloTab: true,
  rewinds: false,
  recs: 'api',
  onCallFailure: 'return',
  load: 0,
  drift: [],
  matches: [],
};

/** How the page behaves (page-options.ts describes it). The server wrote in what it was started with, and the query. */
export const options = { ...DEFAULTS };

/** Changes some options; texts become what the default is. */
export function setOptions(changes) {
  for (const [name, value] of Object.entries(changes)) {
    if (!(name in DEFAULTS)) throw new Error(`the twin has no option ${name}`);
    options[name] = parse(value, typeof DEFAULTS[name]);
  }
}

function parse(value, kind) {
  if (kind === 'number') return Number(value);
  if (kind === 'boolean') return String(value) === 'true';
  return kind === 'object' && typeof value === 'string' ? JSON.parse(value) : value;
}

setOptions(JSON.parse(document.querySelector('#twin-options').textContent));
