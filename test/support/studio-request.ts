import { createApp } from '@swipenet/server/app.ts';
import type { Access } from '@swipenet/server/http/guards/access.ts';
import { SESSION_HEADER } from '@swipenet/shared/contract/session.ts';
import { testAccess } from './access.ts';
import { appDependencies } from './app-dependencies.ts';
import type { testStudio } from './studio.ts';

const SESSION = { 'Sec-Fetch-Site': 'same-origin', [SESSION_HEADER]: 'k', Cookie: 'swipenet-default=c' };
const HERE = { incoming: { socket: { remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', setTimeout: () => {} } } };

const OPEN_SESSION: NonNullable<ReturnType<Access['sessions']['find']>> = {
  ...{ format: 1, id: '0a1b2c3d', name: 'start page', origin: null, pairedAt: '', taste: 'owner' },
  ...{ endsAt: '', tokenSha256: '' },
};

/** Sends a request of the start page's session, from this machine, to a server with a studio. */
export async function requestStudio(
  studio: ReturnType<typeof testStudio>,
  path: string,
  { headers = {}, ...request }: { method: string; headers?: Readonly<Record<string, string>>; body?: string },
): Promise<Response> {
  const sessions = { offerLink: () => 'code', open: async () => undefined, find: () => OPEN_SESSION };
  const app = createApp(appDependencies({ access: testAccess({ sessions }), studio }).dependencies);
  return await app.request(path, { ...request, headers: { ...SESSION, ...headers } }, HERE);
}
