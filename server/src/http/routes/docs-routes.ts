import { readFile } from 'node:fs/promises';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import type { Context } from 'hono';
import type { AppEnv } from '../dependencies.ts';
import { docsPage } from '../openapi/docs-page.ts';
import { openApiDocument } from '../openapi/document.ts';

/** The page only needs its style sheet from this server, and nothing from anywhere else. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; script-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const headers = (type: string) => ({
  'Content-Type': type,
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-cache',
});

/** `GET /openapi.json`: returns an OpenAPI 3.1 document of the HTTP API. */
export function openApiRoute() {
  let document: string | undefined; // always the same, so it is made once
  return (context: Context<AppEnv>): Response => {
    document ??= JSON.stringify(openApiDocument());
    return context.body(document, 200, headers('application/json'));
  };
}

/** `GET /docs`: returns the same document as a web page that loads nothing from other servers. */
export function docsRoute() {
  let page: Promise<string> | undefined;
  return async (context: Context<AppEnv>): Promise<Response> => {
    page ??= Promise.resolve(docsPage(openApiDocument(), ROUTES.docsStyle.path)).then(String);
    return context.body(await page, 200, headers('text/html; charset=utf-8'));
  };
}

/** `GET /docs/style.css`: returns the page's style sheet. */
export function docsStyleRoute() {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const style = await readFile(new URL('../openapi/style.css', import.meta.url), 'utf8');
    return context.body(style, 200, headers('text/css; charset=utf-8'));
  };
}
