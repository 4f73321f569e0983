import type { News } from './page-events.ts';
import { pickProfiles } from './pick-profiles.ts';

/** The parts of the page's own window that are used or wrapped. */
export type PageWindow = Pick<typeof globalThis, 'fetch' | 'Request' | 'XMLHttpRequest' | 'Proxy'> & {
  readonly location: { readonly href: string };
};

/** What may be read at the moment. Once the start of a swipe has been reported, its end is, too. */
export interface Reading {
  readonly profiles: () => boolean;
  readonly swipes: () => boolean;
}

/**
 * Watches the page's own requests and responses for lists of profiles, likes and passes. It sends no requests, changes
 * none and reads no tokens. It never throws or rejects into the page, because the page would see and report the errors.
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
        // Never convert the page's own objects to strings: the page's code could notice that.
        const address = typeof input === 'string' ? input : input instanceof Request ? input.url : (input as URL).href;
        const call = callOf(address, window.location.href);
        const end = call && begin(call, reading, tell);
        if (!call || !end) return;
        answer.then(
          (response) =>
            quietly(() => {
              end(response.ok);
              if (call.kind !== 'profiles' || !response.ok || !reading.profiles()) return;
              // Clone the response before the page reads it. If the clone can't be read, there is nothing to report.
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

/** Reports that a swipe was sent, and returns a function to report its end. Undefined if swipes may not be read. */
function begin(call: Call, reading: Reading, tell: (news: News) => void): ((ok: boolean) => void) | undefined {
  if (call.kind === 'profiles') return nothing;
  if (!reading.swipes()) return undefined;
  tell({ ...call, state: 'sent' });
  return (ok) => tell({ ...call, state: ok ? 'answered' : 'failed' });
}

type Call =
  | { readonly kind: 'profiles' }
  | { readonly kind: 'swipe'; readonly verb: 'like' | 'pass'; readonly profile: string };

/** Classifies a request by its URL. A Super Like has a longer path and is ignored. */
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
    // This runs in the page's world, and the page must never see our errors.
  }
}

const nothing = () => {};
