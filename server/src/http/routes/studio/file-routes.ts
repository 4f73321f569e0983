import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import type { Context } from 'hono';
import { PACKAGED } from '../../../command-form.ts';
import type { AppEnv } from '../../dependencies.ts';
import { withCommands } from '../../with-commands.ts';

/** Where `npm run build:studio` puts the pages. */
const BUILT = new URL('../../../../../dist/studio/', import.meta.url);

/** The studio loads nothing from other servers. It shows photos that it gets from this one as blobs. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob: data:",
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** A file that the build names by its contents. */
const ASSET = /^assets\/(?:[\w-]+\.)+(?:js|css|svg)$/;

const PAGE = 'index.html';

/** `GET /studio`: returns the studio's page. Throws SwipenetError `studio_not_built`. */
export function studioRoute() {
  return (context: Context<AppEnv>): Promise<Response> => send(context, PAGE);
}

/** `GET /studio/…`: returns a file of the studio, or its page. Throws SwipenetError `studio_not_built`, `route_unknown`. */
export function studioFileRoute() {
  return (context: Context<AppEnv>): Promise<Response> => {
    const file = context.req.param('file') ?? '';
    if (file.startsWith('assets/') && !ASSET.test(file)) throw unknown(context);
    return send(context, ASSET.test(file) ? file : PAGE);
  };
}

async function send(context: Context<AppEnv>, file: string): Promise<Response> {
  const bytes = await readFile(new URL(file, BUILT)).catch(() => undefined);
  if (!bytes && file === PAGE) {
    throw new SwipenetError(
      'studio_not_built',
      PACKAGED
        ? 'the studio’s pages are missing; reinstall swipenet'
        : 'the studio’s pages are not built; run npm run build:studio',
    );
  }
  if (!bytes) throw unknown(context);
  return context.body(file === PAGE ? withCommands(String(bytes)) : bytes, 200, {
    'Content-Type': TYPES[extname(file)]!,
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': file === PAGE ? 'no-cache' : 'public, max-age=31536000, immutable',
  });
}

const unknown = (context: Context<AppEnv>) =>
  new SwipenetError('route_unknown', `no route GET ${ROUTES.studio.path}/${context.req.param('file')?.slice(0, 100)}`);
