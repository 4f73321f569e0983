import { type ErrorCode, errorEnvelopeSchema } from '@swipenet/shared/contract/errors.ts';
import { ROUTES, type RouteName } from '@swipenet/shared/contract/routes.ts';
import type * as z from 'zod/mini';
import { START } from './commands.ts';
import { endSession, sessionHeaders } from './session.ts';

/** Why the server didn't do something: its own code and message, or `unreachable`. */
export class AskError extends Error {
  override readonly name = 'AskError';
  readonly code: ErrorCode | 'unreachable' | 'unreadable';

  constructor(code: AskError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** What a request says besides its route. */
export interface Asking {
  /** The parameters in the path: `{ id: 'flowers' }` for `/v1/studio/datasets/:id`. */
  readonly path?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON, or as it is if it is a form or bytes. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Asks the server, and parses its answer. Throws {@link AskError}. */
export async function ask<Schema extends z.ZodMiniType>(
  route: RouteName,
  schema: Schema,
  asking: Asking = {},
): Promise<z.infer<Schema>> {
  const parsed = schema.safeParse(await (await send(route, asking)).json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  throw new AskError('unreadable', 'The server’s answer can’t be read. Reload the page.');
}

/** Asks the server for bytes. Throws {@link AskError}. */
export async function askBytes(route: RouteName, asking: Asking = {}): Promise<Uint8Array> {
  return new Uint8Array(await (await send(route, asking)).arrayBuffer());
}

/** Sends a request, and returns the response if it was successful. Throws {@link AskError}. */
export async function send(route: RouteName, { path = {}, query = {}, body, signal }: Asking = {}): Promise<Response> {
  const { method, path: template } = ROUTES[route];
  const url = new URL(pathOf(template, path), location.origin);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  const isRaw = body instanceof FormData || body instanceof Uint8Array || body instanceof Blob;
  const response = await fetch(url, {
    method,
    headers: { ...sessionHeaders(), ...(body !== undefined && !isRaw && { 'Content-Type': 'application/json' }) },
    credentials: 'same-origin',
    cache: 'no-store',
    ...(body !== undefined && { body: isRaw ? (body as BodyInit) : JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new AskError('unreachable', `The server doesn’t respond. Start it again with ${START}.`);
  });
  if (response.ok) return response;
  const envelope = errorEnvelopeSchema.safeParse(await response.json().catch(() => undefined));
  if (!envelope.success) throw new AskError('unreadable', `The server responded with status ${response.status}.`);
  const { code, message } = envelope.data.error;
  if (code === 'session_invalid' || code === 'session_missing') endSession();
  throw new AskError(code, `${message.charAt(0).toUpperCase()}${message.slice(1)}`);
}

/** Puts parameters into a route's path. */
function pathOf(template: string, path: NonNullable<Asking['path']>): string {
  return template.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, (_, name: string) => encodeURIComponent(String(path[name])));
}
