import { Agent, request } from 'node:http';
import { errorDefinition, errorEnvelopeSchema } from '@swipenet/shared/contract/errors.ts';
import { scoreAnswerSchema } from '@swipenet/shared/contract/score.ts';
import { seededRandom } from '@swipenet/shared/random.ts';
import { formulaPhoto } from '../../support/photos.ts';
import type { BenchOptions } from '../options.ts';
import type { Figure } from '../report.ts';
import { type MeasuredServer, startSwipenet } from './measured-server.ts';
import { type FuzzRequest, fuzzRequest } from './mutations.ts';

const SIDE_BY_SIDE = 4;
const VIOLATIONS_TOLD = 5;

/** Requests of other seeds must not be the same ones shifted. */
const SEED_STEP = 1_000_003;

/**
 * Sends hurt photos, forms and headers. Every answer must be a success that the schema knows, or a 4xx that is documented,
 * with the status its code has; the server must be there at the end, with the memory that it had early on.
 *
 * @throws Error with the first answers that were neither, each with the number of its request under this seed.
 */
export async function fuzz({ requests = 10_000, seed = 1 }: BenchOptions): Promise<Figure[]> {
  const photos = await smallPhotos();
  const server = await startSwipenet(['--cache-photos', '0']);
  const agent = new Agent({ keepAlive: true, maxSockets: SIDE_BY_SIDE });
  const statuses = new Map<number, number>();
  const violations: string[] = [];
  let [next, settledBytes] = [0, Number.NaN];
  const client = async () => {
    while (next < requests && violations.length < VIOLATIONS_TOLD) {
      const number = next;
      next += 1;
      if (number === Math.floor(requests / 4)) settledBytes = server.usage().rssBytes;
      const hurt = fuzzRequest(photos, server.token, seededRandom(seed * SEED_STEP + number));
      const answer = await send(server, hurt, agent).catch((error: Error) => ({ status: 0, text: error.message }));
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const wrong = whatIsWrong(hurt, answer);
      if (wrong) violations.push(`request ${number} (${hurt.about}, ${hurt.method} ${hurt.path}): ${wrong}`);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, client));
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
    { key: 'growth', name: 'end over a quarter', value: endBytes / settledBytes, unit: '×' },
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

function send({ url }: MeasuredServer, { method, path, headers, body }: FuzzRequest, agent: Agent): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  // Node frames the body of a DELETE or an OPTIONS only when it is told its length.
  const length = body && !headers['Transfer-Encoding'] ? { 'Content-Length': body.length } : {};
  const options = { method, path, headers: { ...headers, ...length }, agent, timeout: 30_000 };
  const asking = request(url, options, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    response.on('end', () => resolve({ status: response.statusCode ?? 0, text })).on('error', reject);
  });
  asking.on('timeout', () => asking.destroy(new Error('no answer within 30 s'))).on('error', reject);
  asking.end(body);
  return promise;
}

/** Why an answer is neither a success by the schema nor a documented refusal; `undefined` where it is one of them. */
function whatIsWrong({ method, path }: FuzzRequest, { status, text }: Answer): string | undefined {
  if (status < 200 || status >= 500) return `${status} ${text.slice(0, 200)}`;
  if (method === 'HEAD') return undefined;
  if (status < 400) {
    const scored = path.startsWith('/v1/score') && method === 'POST';
    return scored && !scoreAnswerSchema.safeParse(asJson(text)).success
      ? `not by the schema: ${text.slice(0, 200)}`
      : undefined;
  }
  const envelope = errorEnvelopeSchema.safeParse(asJson(text));
  if (!envelope.success) return `${status} without the envelope: ${text.slice(0, 200)}`;
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
