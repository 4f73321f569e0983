import type { IncomingMessage } from 'node:http';
import * as z from 'zod';

/** Now, on the clock that all processes of a machine share, in milliseconds and parts of them. */
export const wallMs = (): number => performance.timeOrigin + performance.now();

/** A swipe as it reached the API. */
export interface Verdict {
  readonly kind: 'like' | 'pass' | 'super-like';
  readonly profile: string;
  /** The profile's position in the deck; -1 for an id that was never dealt. */
  readonly step: number;
  /** The status of the answer; 0: the page got none. */
  readonly answered: number;
  /** The browser's word that a person swiped. */
  readonly trusted: boolean;
  /** The card had shown a photo or video by then. */
  readonly pictured: boolean;
  /** Which load of the page it came from. */
  readonly load: number;
  /** When it came (wall time). */
  readonly atMs: number;
}

/** A swipe that a person took back. */
export interface Rewind {
  /** The position of the profile that came back. */
  readonly step: number;
  readonly load: number;
  readonly atMs: number;
}

/** Profiles that the API dealt, by their positions, and when (wall time). */
export interface Dealt {
  readonly steps: readonly number[];
  readonly load: number;
  readonly atMs: number;
}

/** What the page says with everything: when it was (wall time), and on which load of the page. */
const reportedSchema = { atMs: z.number(), load: z.int() };

/**
 * What was done to the page. `by` is what was used: `like` and `nope`; what costs money, `paid` true: `super-like`,
 * `rewind`, `boost`, `first-impression`, `decoy`, `upsell-first`, `out-of-likes-first`, `cover-<how>`; the buttons of dialogs,
 * named `<dialog>-first` and `<dialog>-second`; `tab`, `next-photo`, `previous-photo`, `open-profile`, `close-profile`.
 */
export const deedSchema = z.object({
  by: z.string(),
  via: z.enum(['button', 'key']),
  /** The browser's word that a person did it. */
  trusted: z.boolean(),
  paid: z.boolean(),
  /** The position of the profile on top; null where there was none. */
  step: z.nullable(z.int()),
  /** What lay over the deck. */
  over: z.nullable(z.string()),
  /** The card on top was nobody's. */
  fake: z.boolean(),
  /** What was pressed is nowhere where a person could click on it. */
  unseen: z.boolean(),
  ...reportedSchema,
});

/** See {@link deedSchema}. */
export type Deed = z.infer<typeof deedSchema>;

/** A card came on top: the position of its profile, how many photos it shows, and when (wall time). */
export const topSchema = z.object({ top: z.int(), photos: z.int(), ...reportedSchema });

/** See {@link topSchema}. */
export type Top = z.infer<typeof topSchema>;

/** The page's own data came after its cards: of which profiles, by their positions, and when (wall time). */
export const dataSchema = z.object({ data: z.array(z.int()), ...reportedSchema });

/** See {@link dataSchema}. */
export type LateData = z.infer<typeof dataSchema>;

/** One request. No query: it holds signatures. */
export interface TwinRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** What the browser says it is for (Sec-Fetch-Dest): `image` from the page, `empty` from a script. */
  readonly dest: string;
  /** What it came with that could tell who asks. */
  readonly told: readonly ('cookie' | 'x-auth-token' | 'referer' | 'origin')[];
}

const TELLING = ['cookie', 'x-auth-token', 'referer', 'origin'] as const;

/** Everything that reached the twin, in order. */
export class TwinRecord {
  /** As they arrived: two that were sent in quick succession may have overtaken each other. */
  readonly verdicts: Verdict[] = [];
  /** As they arrived. */
  readonly rewinds: Rewind[] = [];
  /** Only profiles that came through the observed API. */
  readonly dealt: Dealt[] = [];
  /** As they were done. */
  readonly deeds: Deed[] = [];
  readonly tops: Top[] = [];
  readonly data: LateData[] = [];
  readonly requests: TwinRequest[] = [];
  /** Requests to hosts and paths that the site does not have. */
  readonly strangers: TwinRequest[] = [];

  /** Notes a request and gives it. */
  note({ method = '', headers }: IncomingMessage, { host, pathname }: URL): TwinRequest {
    const noted = {
      method,
      host,
      path: pathname,
      dest: String(headers['sec-fetch-dest'] ?? ''),
      told: TELLING.filter((name) => headers[name] !== undefined),
    };
    this.requests.push(noted);
    return noted;
  }

  /** The verdicts that the API took, in order. */
  get taken(): Verdict[] {
    return this.verdicts.filter(({ answered }) => answered === 200);
  }

  /** What was done that costs money. */
  get paid(): Deed[] {
    return this.deeds.filter(({ paid }) => paid);
  }
}
