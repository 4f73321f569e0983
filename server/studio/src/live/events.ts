import { type Signal, signal } from '@preact/signals';
import { STUDIO_EVENTS, type StudioEventData, type StudioEventName } from '@swipenet/shared/contract/studio/events.ts';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { AskError, send } from './ask.ts';
import { sessionKey } from './session.ts';

/** How long to wait before a stream that has ended is opened again. */
const AGAIN_MS = 2_000;

const NAMES = Object.keys(STUDIO_EVENTS) as StudioEventName[];

/** The newest data of each event, undefined until they are known. */
export const live = Object.fromEntries(NAMES.map((name) => [name, signal()])) as {
  readonly [Name in StudioEventName]: Signal<StudioEventData[Name] | undefined>;
};

/** Whether events arrive: if not, what the page shows may be out of date. */
export const connection = signal<'opening' | 'open' | 'lost'>('opening');

/** What one tab tells the others. */
interface Told {
  readonly name: StudioEventName | 'connection' | 'hello';
  readonly json: string;
}

/**
 * Keeps {@link live} up to date. A browser has six connections to a server, so only one of its tabs listens, under a lock,
 * and tells the others. When it is closed, the next one gets the lock.
 */
export function followEvents(): void {
  const channel = new BroadcastChannel('swipenet-studio');
  const known = new Map<Told['name'], string>();
  channel.addEventListener('message', ({ data }: MessageEvent<Told>) => {
    if (data.name !== 'hello') take(data);
    else for (const [name, json] of known) channel.postMessage({ name, json } satisfies Told); // a new tab
  });
  channel.postMessage({ name: 'hello', json: '' } satisfies Told);
  void navigator.locks.request('swipenet-studio-events', async () => {
    const tell = (name: Told['name'], json: string) => {
      known.set(name, json);
      take({ name, json });
      channel.postMessage({ name, json } satisfies Told);
    };
    for (;;) {
      try {
        await readStream(tell);
      } catch (error) {
        if (!(error instanceof AskError || error instanceof TypeError)) reportError(error);
      }
      tell('connection', '"lost"');
      await new Promise((done) => setTimeout(done, AGAIN_MS));
      await hasSession();
    }
  });
}

/** Reads one stream to its end. Throws {@link AskError}, and TypeError if the connection breaks. */
async function readStream(tell: (name: StudioEventName | 'connection', json: string) => void): Promise<void> {
  await hasSession();
  const { body } = await send('studioEvents');
  tell('connection', '"open"');
  const events = body!.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const { event, data } of events) if (isName(event)) tell(event, data);
}

const isName = (name: string | undefined): name is StudioEventName => NAMES.includes(name as StudioEventName);

function take({ name, json }: Told): void {
  if (name === 'connection') connection.value = JSON.parse(json);
  else if (isName(name)) {
    const parsed = STUDIO_EVENTS[name].safeParse(JSON.parse(json));
    if (parsed.success) (live[name] as Signal<unknown>).value = parsed.data;
  }
}

/** Resolves once there is a session. */
function hasSession(): Promise<void> {
  return new Promise((resolve) => {
    const stop = sessionKey.subscribe((key) => {
      if (key === null) return;
      resolve();
      queueMicrotask(() => stop()); // the first call comes before subscribe returns
    });
  });
}
