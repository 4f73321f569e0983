import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSignedCertificate } from '../certificate.ts';
import { answerApi } from './answer-api.ts';
import { answerImages } from './answer-images.ts';
import { answerPage } from './answer-page.ts';
import { TwinDeck } from './deck.ts';
import type { PageOptions } from './page-options.ts';
import { PhotoBytes, type PhotoLook } from './photo-bytes.ts';
import type { TwinPlan } from './plans.ts';
import type { ProfileRates } from './profiles.ts';
import { TwinRecord } from './record.ts';
import { IMAGES_HOST } from './recs.ts';
import type { TwinMoment, TwinWorld } from './world.ts';

/** How a twin is to be; everything has a default. */
export interface TwinOptions {
  readonly seed?: number;
  /** Profiles in the deck. */
  readonly profiles?: number;
  readonly today?: Date;
  readonly rates?: Partial<ProfileRates>;
  readonly plan?: (index: number) => TwinPlan;
  readonly photos?: PhotoLook;
  /** How late a slow photo is, in milliseconds. */
  readonly slowMs?: number;
  readonly onMoment?: (moment: TwinMoment) => void;
  /** The page's own behaviour; a query of the same name goes before it. */
  readonly page?: Partial<PageOptions>;
}

const HOSTS: Record<
  string,
  (world: TwinWorld, request: IncomingMessage, url: URL, response: ServerResponse) => unknown
> = { 'tinder.com': answerPage, 'api.gotinder.com': answerApi, [IMAGES_HOST]: answerImages };

/** tinder.com, its API and its photos in one server of this machine, by the Host header. */
export class TwinServer {
  readonly #server: Server;
  readonly #world: TwinWorld;

  private constructor(server: Server, world: TwinWorld) {
    this.#server = server;
    this.#world = world;
  }

  /** Starts it on a free port of the loopback. */
  static async start({
    seed = 1,
    profiles = 10_000,
    today = new Date(),
    rates = {},
    plan = () => ({}),
    photos = 'tiny',
    slowMs = 1_500,
    onMoment,
    page = {},
  }: TwinOptions = {}): Promise<TwinServer> {
    const deck = new TwinDeck({ seed, profiles, today, rates, plan });
    const bytes = await PhotoBytes.create(photos);
    const record = new TwinRecord();
    const world: TwinWorld = { deck, record, bytes, slowMs, page, outage: undefined, loads: 0, onMoment };
    const certificate = await selfSignedCertificate(['tinder.com', '*.gotinder.com']);
    const server = createServer({ ...certificate, keepAliveTimeout: 60_000 }, (request, response) => {
      answer(world, request, response).catch((error: unknown) => {
        console.error(error);
        response.destroy();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TwinServer(server, world);
  }

  /** Where it listens, under all of its hosts' names. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Everything that reached it. */
  get record(): TwinRecord {
    return this.#world.record;
  }

  /** Who is in the deck. */
  get deck(): TwinDeck {
    return this.#world.deck;
  }

  /** Deals another deck from now on, as if everybody before had never been. */
  changeDeck(deck: TwinDeck): void {
    this.#world.deck = deck;
  }

  /** How often its page was loaded. */
  get loads(): number {
    return this.#world.loads;
  }

  /** Lets the API fail altogether with a status, 0 for no answer at all; undefined mends it. */
  setOutage(status: number | undefined): void {
    this.#world.outage = status;
  }

  /** Ends it, connections included. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

async function answer(world: TwinWorld, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', `https://${request.headers.host ?? 'nowhere.invalid'}`);
  const noted = world.record.note(request, url);
  await HOSTS[url.hostname]?.(world, request, url, response);
  if (response.writableEnded || response.destroyed) return;
  world.record.strangers.push(noted);
  response.writeHead(404).end();
}
