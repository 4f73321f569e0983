import type { News } from './page-events.ts';
import { pickProfiles } from './pick-profiles.ts';

/** The page's own window, with what of it is wrapped. */
export type PageWindow = Pick<typeof globalThis, 'fetch' | 'Request' | 'XMLHttpRequest' | 'Proxy'> & {
  readonly location: { readonly href: string };
};

/** What may be read just now. A swipe whose beginning was told has its end told, too. */
export interface Reading {
  readonly profiles: () => boolean;
  readonly swipes: () => boolean;
}

/**
 * Watches what the page itself asks its server and gets: lists of profiles, likes and passes. It makes no request,
 * changes none, reads no token, and never throws or rejects into the page, which is told of its errors and reports
 * them.
 */
export function observeTraffic(window: PageWindow, reading: Reading, tell: (news: News) => void): void {
  quietly(() => observeFetch(window, reading, tell));
  quietly(() => observeRequests(window, reading, tell));
}

function observeFetch(window: PageWindow, reading: Reading, tell: (news: News) => void): void {
  const { fetch, Request } = window;
  window.fetch = new Proxy(fetch, {
    apply(target, self, parameters: Parameters<typeof fetch>) {
      const answer: Promise<Response> = Reflect.apply(target, self, parameters);
      quietly(() => {
        const [input] = parameters;
        // Nothing of the page's own is asked how it would be written: its code may count that.
        const address = typeof input === 'string' ? input : input instanceof Request ? input.url : (input as URL).href;
        const call = callOf(address, window.location.href);
        const end = call && begin(call, reading, tell);
        if (!call || !end) return;
        answer.then(
          (response) =>
            quietly(() => {
              end(response.ok);
              if (call.kind !== 'profiles' || !response.ok || !reading.profiles()) return;
              // The page reads its own answer; a copy is taken before it does. Whatever goes wrong with it is no news.
              const copy = response.clone();
              copy.json().then((body) => quietly(() => tellProfiles(body, tell)), nothing);
            }),
          () => quietly(() => end(false)),
        );
      });
      return answer;
    },
  });
}

function observeRequests(window: PageWindow, reading: Reading, tell: (news: News) => void): void {
  const opened = new WeakMap<XMLHttpRequest, string>();
  const { prototype } = window.XMLHttpRequest;
  prototype.open = new Proxy(prototype.open, {
    apply(target, self: XMLHttpRequest, parameters: unknown[]) {
      quietly(() => opened.set(self, String(parameters[1])));
      return Reflect.apply(target, self, parameters);
    },
  });
  prototype.send = new Proxy(prototype.send, {
    apply(target, self: XMLHttpRequest, parameters: unknown[]) {
      quietly(() => {
        const call = callOf(opened.get(self) ?? '', window.location.href);
        const end = call && begin(call, reading, tell);
        if (!call || !end) return;
        const answered = () =>
          quietly(() => {
            const ok = self.status >= 200 && self.status < 300;
            end(ok);
            if (call.kind === 'profiles' && ok && reading.profiles()) tellProfiles(bodyOf(self), tell);
          });
        self.addEventListener('loadend', answered, { once: true });
      });
      return Reflect.apply(target, self, parameters);
    },
  });
}

function tellProfiles(body: unknown, tell: (news: News) => void): void {
  const profiles = pickProfiles(body);
  if (profiles.length > 0) tell({ kind: 'profiles', profiles });
}

/** Tells that a swipe was sent, and gives what tells its end; undefined where it is nobody's business. */
function begin(call: Call, reading: Reading, tell: (news: News) => void): ((ok: boolean) => void) | undefined {
  if (call.kind === 'profiles') return nothing;
  if (!reading.swipes()) return undefined;
  tell({ ...call, state: 'sent' });
  return (ok) => tell({ ...call, state: ok ? 'answered' : 'failed' });
}

type Call =
  | { readonly kind: 'profiles' }
  | { readonly kind: 'swipe'; readonly verb: 'like' | 'pass'; readonly profile: string };

/** What a request of the page is to us, by its address; a Super Like's path is longer and is nothing to us. */
function callOf(address: string, base: string): Call | undefined {
  const { hostname, pathname } = new URL(address, base);
  if (hostname !== 'api.gotinder.com') return undefined;
  if (/^\/v2\/(?:[\w-]+\/)*recs(?:\/|$)/.test(pathname)) return { kind: 'profiles' };
  const [, verb, profile] = /^\/(like|pass)\/([^/]+)$/.exec(pathname) ?? [];
  return verb && profile ? { kind: 'swipe', verb: verb as 'like' | 'pass', profile } : undefined;
}

function bodyOf(request: XMLHttpRequest): unknown {
  if (request.responseType === 'json') return request.response;
  return request.responseType === '' || request.responseType === 'text' ? JSON.parse(request.responseText) : undefined;
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // The page's world is not ours: nothing that fails here may be seen there.
  }
}

const nothing = () => {};
