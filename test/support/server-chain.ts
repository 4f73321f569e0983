import { join } from 'node:path';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { RealServer } from './real-server.ts';
import { Relay } from './relay.ts';

/** Two real servers: the one in front decodes photos, and has the other one run the model. */
export interface ServerChain {
  readonly front: RealServer;
  readonly back: RealServer;
  /** The connection between them. */
  readonly relay: Relay;
  readonly remove: () => Promise<void>;
}

/** Starts both, the other one with float32 and these flags. */
export async function startChain(flags: readonly string[] = []): Promise<ServerChain> {
  const back = await RealServer.start(['--precision', 'fp32', ...flags]);
  const relay = await Relay.start(back.url);
  const remove = async (front?: RealServer) => {
    await front?.remove();
    relay.close();
    await back.remove();
  };
  try {
    const token = ['--engine-token-file', join(back.home, 'token')];
    const front = await RealServer.start(['--engine', 'oip', '--engine-url', relay.url, ...token]);
    return { front, back, relay, remove: () => remove(front) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The header with a server's token. */
export const headersOf = ({ token }: RealServer) => ({ Authorization: `Bearer ${token}` });

/** Has a server score photos as one profile, with the evidence in each. */
export async function scoreWithEvidence(server: RealServer, photos: readonly Uint8Array[]): Promise<Response> {
  const body = new FormData();
  for (const photo of photos) body.append('photo', new Blob([photo as Uint8Array<ArrayBuffer>]), 'photo.png');
  const url = `${server.url}${ROUTES.score.path}?evidence=1`;
  return await fetch(url, { method: 'POST', headers: headersOf(server), body });
}
