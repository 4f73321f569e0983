import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { wallMs } from './record.ts';
import { reshaped, SHAPES } from './recs.ts';
import type { TwinWorld } from './world.ts';

/** The third version is one that nobody knows yet. */
const RECS = /^\/v[23]\/(recs\/core|explore\/recs)$/;
const REWIND = /^\/rewind\/([0-9a-f]{24})$/;
const VERDICT = /^(?:\/v3)?\/(like|pass)\/([0-9a-f]{24})(\/super)?$/;

/** `api.gotinder.com`: people to judge, and the verdicts. Leaves unanswered what the API does not have. */
export async function answerApi(
  world: TwinWorld,
  request: IncomingMessage,
  url: URL,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('Access-Control-Allow-Origin', 'https://tinder.com');
  response.setHeader('Access-Control-Allow-Headers', 'content-type, x-auth-token');
  response.setHeader('Access-Control-Max-Age', '86400');
  request.resume(); // what a body says is not looked at
  const verdict = VERDICT.exec(url.pathname);
  const rewound = REWIND.exec(url.pathname)?.[1];
  if (!verdict && !rewound && !RECS.test(url.pathname)) return;
  if (request.method === 'OPTIONS') {
    response.writeHead(204).end();
  } else if (rewound) {
    const step = world.deck.takeBack(rewound);
    if (step !== undefined)
      world.record.rewinds.push({ step, load: Number(url.searchParams.get('load')), atMs: wallMs() });
    send(response, 200, { status: 200 });
  } else if (verdict) {
    const [, kind, id, isSuper] = verdict;
    await judge(world, isSuper ? 'super-like' : (kind as 'like' | 'pass'), id!, url.searchParams, response);
  } else if (world.outage !== undefined) {
    refuse(response, world.outage);
  } else {
    const { deck, record, loads } = world;
    const again = url.searchParams.get('again');
    const answer = again === null ? deck.deal() : deck.dealAgain(Number(again));
    const steps = answer.data.results.flatMap(({ user }) => (user ? [deck.indexOf(user._id) ?? -1] : []));
    record.dealt.push({ steps, load: loads, atMs: wallMs() });
    const shape = SHAPES.find((one) => one === url.searchParams.get('shape'));
    send(response, 200, shape ? reshaped(answer, shape) : answer);
  }
}

async function judge(
  { deck, record, outage, onMoment }: TwinWorld,
  kind: 'like' | 'pass' | 'super-like',
  profile: string,
  own: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const index = deck.indexOf(profile);
  const step = index ?? -1;
  const answered = outage ?? deck.judge(index);
  const trusted = own.get('by') === 'person';
  const pictured = own.get('pictured') === 'true';
  const load = Number(own.get('load'));
  record.verdicts.push({ kind, profile, step, answered, trusted, pictured, load, atMs: wallMs() });
  onMoment?.({ what: 'call', step });
  const delayMs = deck.callDelayMs(index);
  if (delayMs > 0) await delay(delayMs);
  const match = kind !== 'pass' && index !== undefined && deck.likesBack(index);
  if (answered !== 200) refuse(response, answered);
  else send(response, 200, kind === 'pass' ? { status: 200 } : { status: 200, match, likes_remaining: 100 });
  onMoment?.({ what: 'answer', step });
}

function refuse(response: ServerResponse, status: number): void {
  // A connection that is cut the browser tries again by itself; an answer that the page may not read it does not.
  if (status === 0) response.removeHeader('Access-Control-Allow-Origin');
  send(response, status || 500, { meta: { status }, error: { message: 'the twin was told to fail' } });
}

function send(response: ServerResponse, status: number, answer: object): void {
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  response.writeHead(status, headers).end(JSON.stringify(answer));
}
