// Puts load on a server from a process of its own, so that its cost isn't the server's. Each client reuses one body and
// writes new numbers into its photos before every request, so that no photo is ever sent twice.
import { Agent, request } from 'node:http';
import type { Load, LoadResult, ToGenerator } from './load-messages.ts';
import { stamp } from './photos.ts';

const BOUNDARY = 'swipenet-bench';
const HUNG_MS = 30_000;
const TOLERANCE = 1e-5;

let photos: readonly Uint8Array[] = [];
let contentType = '';
let stamps = 0;

/** Returns a multipart body of some photos, and the offset of each photo in it. */
function bodyOf(chosen: readonly number[]): { body: Buffer; offsets: number[] } {
  const parts: Uint8Array[] = [];
  const offsets: number[] = [];
  let length = 0;
  const add = (part: Uint8Array) => {
    parts.push(part);
    length += part.length;
  };
  for (const index of chosen) {
    const disposition = 'Content-Disposition: form-data; name="photo"; filename="photo.jpg"';
    add(Buffer.from(`--${BOUNDARY}\r\n${disposition}\r\nContent-Type: ${contentType}\r\n\r\n`));
    offsets.push(length);
    add(photos[index]!);
    add(Buffer.from('\r\n'));
  }
  add(Buffer.from(`--${BOUNDARY}--\r\n`));
  return { body: Buffer.concat(parts), offsets };
}

/** A server's response. `status` is 0 if there was none in time. */
interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

function post({ url, token }: Load, body: Buffer, agent: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      Authorization: `Bearer ${token}`,
      'Content-Type': `multipart/form-data; boundary=${BOUNDARY}`,
      'Content-Length': body.length,
    };
    const outgoing = request(`${url}/v1/score`, { method: 'POST', agent, headers, timeout: HUNG_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      const retryAfter = response.headers['retry-after'];
      response.on('end', () => resolve({ status: response.statusCode ?? 0, retryAfter, text }));
      response.on('error', reject);
    });
    outgoing.on('timeout', () => {
      resolve({ status: 0, retryAfter: undefined, text: '' });
      outgoing.destroy();
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function run(load: Load): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.clients });
  const counts = { retryable: {} as Record<string, number>, failures: {} as Record<string, number>, wrong: 0, hung: 0 };
  const latenciesMs: number[] = [];
  const answeredAtMs: number[] = [];
  const count = (where: Record<string, number>, what: string) => {
    where[what] = (where[what] ?? 0) + 1;
  };
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const continues = () => {
    const seconds = (performance.now() - begin) / 1000;
    return seconds < load.maxSeconds && (seconds < load.seconds || latenciesMs.length < load.minRequests);
  };
  const client = async (_: unknown, number: number) => {
    const chosen = Array.from({ length: load.photosPerRequest }, (_, at) => (number + 5 * at) % photos.length);
    const { body, offsets } = bodyOf(chosen);
    while (continues()) {
      for (const offset of offsets) {
        stamps += 1;
        stamp(body, offset, stamps);
      }
      const sent = performance.now();
      const answer = await post(load, body, agent).catch((error: Error) => error);
      if (answer instanceof Error) count(counts.failures, answer.message);
      else if (answer.status === 0) counts.hung += 1;
      else if (answer.status === 503 && answer.retryAfter) {
        count(counts.retryable, JSON.parse(answer.text).error.code);
        await new Promise((resolve) => setTimeout(resolve, 200)); // the server asked it to wait
      } else if (answer.status === 200) {
        latenciesMs.push(performance.now() - sent);
        answeredAtMs.push(performance.timeOrigin + performance.now());
        counts.wrong += load.likes ? countWrong(answer.text, chosen, load.likes) : 0;
      } else count(counts.failures, `${answer.status} ${answer.text.slice(0, 100)}`);
    }
  };
  await Promise.all(Array.from({ length: load.clients }, client));
  const seconds = (performance.now() - begin) / 1000;
  agent.destroy();
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, latenciesMs, answeredAtMs, ...counts, cpuMs: (user + system) / 1000 };
}

/** Counts the photos of a response whose confidence is missing or differs from the known one. */
function countWrong(text: string, chosen: readonly number[], likes: readonly number[]): number {
  const answered: { like?: number }[] = JSON.parse(text).photos;
  return chosen.filter((index, at) => !(Math.abs((answered[at]?.like ?? Number.NaN) - likes[index]!) <= TOLERANCE))
    .length;
}

process.on('disconnect', () => process.exit());
process.on('message', async (message: ToGenerator) => {
  if (message.type === 'photos') ({ photos, contentType } = message);
  else process.send?.(await run(message));
});
