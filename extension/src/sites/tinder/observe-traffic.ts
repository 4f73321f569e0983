import type { News } from './page-events.ts';
import { pickProfiles } from './pick-profiles.ts';

/** The page's own window, with what of it is wrapped. */
export type PageWindow = Pick<typeof globalThis, 'fetch' | 'Request' | 'XMLHttpRequest' | 'Proxy'> & {
  readonly location: { readonly href: string };
};

/** What an observer is told to read; profiles are read unless somebody said `off`. */
export interface Reading {
  readonly profiles: () => boolean;
}

/**
 * Watches what the page itself asks its server and gets: lists of profiles, likes and passes. It makes no request, changes
 * none, reads no token, and never throws or rejects into the page, which is told of its errors and reports them.
 */
export function observeTraffic(window: PageWindow, reading: Reading, tell: (news: News) => void): void {
  const { fetch, Request, XMLHttpRequest } = window;

  window.fetch = new Proxy(fetch, {
    apply(target, self, parameters: Parameters<typeof fetch>) {
      const answer: Promise<Response> = Reflect.apply(target, self, parameters);
      quietly(() => {
        const [input] = parameters;
        const call = callOf(input instanceof Request ? input.url : String(input), window.location.href);
        if (!call) return;
        begin(call);
        answer.then(
          (response) =>
            quietly(() => {
              end(call, response.ok);
              if (call.kind !== 'profiles' || !response.ok || !reading.profiles()) return;
              // The page reads its own answer; a copy is taken before it does. Whatever goes wrong with it is no news.
              const copy = response.clone();
              copy.json().then((body) => quietly(() => tellProfiles(body)), nothing);
            }),
          () => quietly(() => end(call, false)),
        );
      });
      return answer;
    },
  });

  const opened = new WeakMap<XMLHttpRequest, string>();
  const { prototype } = XMLHttpRequest;
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
        if (!call) return;
        begin(call);
        const answered = () =>
          quietly(() => {
            const ok = self.status >= 200 && self.status < 300;
            end(call, ok);
            if (call.kind === 'profiles' && ok && reading.profiles()) tellProfiles(bodyOf(self));
          });
        self.addEventListener('loadend', answered, { once: true });
      });
      return Reflect.apply(target, self, parameters);
    },
  });

  function tellProfiles(body: unknown): void {
    const profiles = pickProfiles(body);
    if (profiles.length > 0) tell({ kind: 'profiles', profiles });
  }

  function begin(call: Call): void {
    if (call.kind === 'swipe') tell({ ...call, state: 'sent' });
  }

  function end(call: Call, ok: boolean): void {
    if (call.kind === 'swipe') tell({ ...call, state: ok ? 'answered' : 'failed' });
  }
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
