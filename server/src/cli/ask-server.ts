import { readFile } from 'node:fs/promises';
import { errorEnvelopeSchema, SwipenetError, systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { ROUTES, type RouteName } from '@swipenet/shared/contract/routes.ts';
import { tokenPath } from '../http/token.ts';

/** Where a running server is asked, and with whose token. */
export interface AskedServer {
  /** `http://127.0.0.1:8787` */
  readonly url: string;
  readonly home: string;
}

/** The contract's schema of an answer. */
interface AnswerSchema<Answer> {
  safeParse(answer: unknown): { readonly success: true; readonly data: Answer } | { readonly success: false };
}

/** An answer takes milliseconds; the server also waits for nvidia-smi, 2 s at the most. */
const TIMEOUT_MS = 5_000;

/** The address of a server that listens on this host and port; one that listens everywhere is asked on loopback. */
export function urlOf(host: string, port: number): string {
  const reached = ({ '0.0.0.0': '127.0.0.1', '::': '::1' } as Record<string, string>)[host] ?? host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}

/**
 * Asks a running server on one of its GET routes, with the token of the home folder.
 *
 * @throws SwipenetError `home_unusable` where that has no token, `server_unreachable` where nothing answers in time,
 *   `server_refused` where what answers is an error or no answer of this contract.
 */
export async function askServer<Answer>(
  { url, home }: AskedServer,
  route: RouteName,
  schema: AnswerSchema<Answer>,
): Promise<Answer> {
  const path = tokenPath(home);
  const token = await readFile(path, 'utf8').catch((cause: unknown) => {
    const why = `${path} cannot be read (${systemCodeOf(cause)}); a server that is started with this home makes it`;
    throw new SwipenetError('home_unusable', why, { cause });
  });
  const { method, path: routePath } = ROUTES[route];
  const response = await fetch(new URL(routePath, url), {
    method,
    headers: { Authorization: `Bearer ${token.trim()}` },
    redirect: 'error', // the token goes to nobody else
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new SwipenetError('server_unreachable', `no server answers on ${url} (${reasonOf(cause)})`, { cause });
  });
  const answer: unknown = await response.json().catch(() => undefined);
  const refusal = errorEnvelopeSchema.safeParse(answer);
  if (refusal.success) {
    const { code, message } = refusal.data.error;
    throw new SwipenetError('server_refused', `the server on ${url} answers ${response.status}: ${message} (${code})`);
  }
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new SwipenetError('server_refused', `what answers on ${url} is no Swipenet server of this version`);
}

/** `fetch` hides the system's code in a cause. */
function reasonOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: unknown };
  if (name === 'TimeoutError') return `${TIMEOUT_MS / 1000} s without an answer`;
  return String(systemCodeOf(cause) ?? (cause instanceof Error ? cause.message : 'the connection failed'));
}
