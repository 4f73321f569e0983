import { Agent, request } from 'node:http';
import { errorDefinition, errorEnvelopeSchema } from '@swipenet/shared/contract/errors.ts';
import { scoreAnswerSchema } from '@swipenet/shared/contract/score.ts';
import { seededRandom } from '@swipenet/shared/random.ts';
import { formulaPhoto } from '../../support/photos.ts';
import type { BenchOptions } from '../options.ts';
import type { Figure } from '../report.ts';
import { type MeasuredServer, startSwipenet } from './measured-server.ts';
import { type FuzzRequest, fuzzRequest } from './mutations.ts';

const CLIENTS = 4;
const MAX_VIOLATIONS = 5;

/** Keeps different seeds from sending the same requests, only shifted. */
const SEED_STEP = 1_000_003;

/**
 * Sends damaged photos, forms and headers. Every response must be a success that matches the schema, or a documented
 * 4xx with the status of its code. At the end the server must still run, and use no more memory than early on.
 *
 * @throws Error with the first violations and the numbers of their requests under this seed.
 */
export async function fuzz({ requests = 10_000, seed = 1 }: BenchOptions): Promise<Figure[]> {
  const photos = await smallPhotos();
  const server = await startSwipenet(['--cache-photos', '0']);
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const statuses = new Map<number, number>();
  const violations: string[] = [];
  let [next, settledBytes] = [0, Number.NaN];
  const client = async () => {
    while (next < requests && violations.length < MAX_VIOLATIONS) {
      const number = next;
      next += 1;
      if (number === Math.floor(requests / 4)) settledBytes = server.usage().rssBytes;
      const damaged = fuzzRequest(photos, server.token, seededRandom(seed * SEED_STEP + number));
      const answer = await send(server, damaged, agent).catch((error: Error) => ({ status: 0, text: error.message }));
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const wrong = whatIsWrong(damaged, answer);
      if (wrong) violations.push(`request ${number} (${damaged.about}, ${damaged.method} ${damaged.path}): ${wrong}`);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const endBytes = server.usage().rssBytes;
  const healthy = (await fetch(`${server.url}/v2/health/ready`)).ok;
  agent.destroy();
  const exitCode = await server.stop();
  if (violations.length > 0 || !healthy || exitCode !== 0) {
    throw new Error([`seed ${seed}: healthy ${healthy}, exit code ${exitCode}`, ...violations].join('\n'));
  }
  return [
    { key: 'requests', name: 'requests', value: next, unit: '' },
    ...[...statuses].toSorted().map(([status, count]) => {
      return { key: `status${status}`, name: `  answered with ${status}`, value: count, unit: '' };
    }),
    { key: 'settledMb', name: 'memory after a quarter', value: settledBytes / 1e6, unit: 'MB' },
    { key: 'endMb', name: 'memory at the end', value: endBytes / 1e6, unit: 'MB' },
    { key: 'growth', name: 'growth since then', value: endBytes / settledBytes, unit: '×' },
  ];
}

function smallPhotos(): Promise<Uint8Array[]> {
  const photo = () => formulaPhoto(96, 120);
  return Promise.all([
    photo().jpeg().toBuffer(),
    photo().jpeg({ progressive: true }).toBuffer(),
    photo().png().toBuffer(),
    photo().webp().toBuffer(),
    photo().avif({ effort: 0 }).toBuffer(),
  ]);
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function send(
  { url }: MeasuredServer,
  { method, path, headers, body, cuts = [] }: FuzzRequest,
  agent: Agent,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  // Node frames the body of a DELETE or OPTIONS request only if it knows its length.
  const length = body && !headers['Transfer-Encoding'] ? { 'Content-Length': body.length } : {};
  const options = { method, path, headers: { ...headers, ...length }, agent, timeout: 30_000 };
  const outgoing = request(url, options, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    response.on('end', () => resolve({ status: response.statusCode ?? 0, text })).on('error', reject);
  });
  outgoing.on('timeout', () => outgoing.destroy(new Error('no response within 30 s'))).on('error', reject);
  let from = 0;
  for (const cut of cuts) {
    outgoing.write(body?.subarray(from, cut) ?? '');
    from = cut;
  }
  outgoing.end(body?.subarray(from));
  return promise;
}

/** Says why a response is neither a valid success nor a documented error. Returns `undefined` if it is one of them. */
function whatIsWrong({ method, path }: FuzzRequest, { status, text }: Answer): string | undefined {
  if (status < 200 || status >= 500) return `${status} ${text.slice(0, 200)}`;
  if (method === 'HEAD') return undefined;
  if (status < 400) {
    const scored = path.startsWith('/v1/score') && method === 'POST';
    return scored && !scoreAnswerSchema.safeParse(asJson(text)).success
      ? `doesn’t match the schema: ${text.slice(0, 200)}`
      : undefined;
  }
  const envelope = errorEnvelopeSchema.safeParse(asJson(text));
  if (!envelope.success) return `${status} without an error envelope: ${text.slice(0, 200)}`;
  const { code } = envelope.data.error;
  const { kind, status: documented } = errorDefinition(code);
  return kind === 'request' && documented === status ? undefined : `${code} came with ${status}`;
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
