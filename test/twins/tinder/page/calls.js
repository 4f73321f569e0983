import { busy } from './busy.js';

const API = 'https://api.gotinder.com';

let turn = 0;
let under = 0;
const quiet = [];

/** The ways in which a page can ask; they take turns, since whoever listens has to know all of them. */
const WAYS = [
  (url, init) => byFetch(url, init),
  (url, init) => byXhr(url, init, ''),
  (url, init) => byFetch(new Request(url, init)),
  (url, init) => byXhr(new URL(url), init, 'json'),
  (url, init) => byFetch(new URL(url), init),
];

/** Asks the API. Gives status (0: no answer came) and answer; never rejects. */
export async function callApi(path, method = 'GET', headers = {}) {
  const way = WAYS[turn % WAYS.length];
  turn += 1;
  under += 1;
  const over = busy();
  try {
    return await way(`${API}${path}`, { method, headers });
  } catch {
    return { status: 0, answer: undefined };
  } finally {
    under -= 1;
    over();
    if (under === 0) for (const tell of quiet.splice(0)) tell();
  }
}

/** Resolves when no call is under way. */
export function callsDone() {
  return under === 0 ? Promise.resolve() : new Promise((tell) => quiet.push(tell));
}

async function byFetch(input, init) {
  const response = await fetch(input, init);
  return { status: response.status, answer: await response.json() };
}

function byXhr(url, { method, headers }, responseType) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.responseType = responseType;
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.onload = () => {
      const answer = responseType === 'json' ? request.response : JSON.parse(request.responseText);
      resolve({ status: request.status, answer });
    };
    request.onerror = () => reject(new Error('no answer'));
    request.send();
  });
}
