import { between, type Random, seededRandom, seedOf } from '@swipenet/shared/random.ts';
import sharp from 'sharp';
import { markPhoto, type PhotoMark } from './photo-mark.ts';

/** How photos look: all the same few pixels for speed, or each a picture of its own for people. */
export type PhotoLook = 'tiny' | 'drawn';

/** Drawn pictures kept at hand. */
const KEPT = 200;

/** Makes the bytes of photos: real JPEGs that carry their mark. */
export class PhotoBytes {
  readonly #tiny: Uint8Array;
  readonly #look: PhotoLook;
  readonly #drawn = new Map<string, Promise<Uint8Array>>();

  private constructor(tiny: Uint8Array, look: PhotoLook) {
    this.#tiny = tiny;
    this.#look = look;
  }

  /** Draws the one tiny picture. */
  static async create(look: PhotoLook): Promise<PhotoBytes> {
    const create = { width: 64, height: 80, channels: 3, background: '#5a6b8c' } as const;
    return new PhotoBytes(await sharp({ create }).jpeg({ quality: 60 }).toBuffer(), look);
  }

  /** The bytes of one photo in one size. */
  async of(mark: PhotoMark): Promise<Uint8Array<ArrayBuffer>> {
    return markPhoto(this.#look === 'tiny' ? this.#tiny : await this.#draw(mark), mark);
  }

  #draw({ photo, width }: PhotoMark): Promise<Uint8Array> {
    const key = `${photo} ${width}`;
    const known = this.#drawn.get(key);
    if (known) return known;
    if (this.#drawn.size >= KEPT) this.#drawn.delete(this.#drawn.keys().next().value!);
    const seed = seedOf(...new TextEncoder().encode(photo));
    const made = sharp(Buffer.from(scene(seededRandom(seed))))
      .resize(width)
      .jpeg({ quality: 82 })
      .toBuffer();
    this.#drawn.set(key, made);
    return made;
  }
}

/** A figure before hills at some hour of the day, 640 × 800, as SVG. */
function scene(random: Random): string {
  const hue = Math.floor(between(random, 0, 360));
  const sky = (at: number) => `hsl(${(hue + at * 50) % 360} 55% ${34 + at * 34}%)`;
  const hills = [0, 1, 2].map((row) => {
    const y = 430 + row * 90;
    const [a, b, c] = [0, 1, 2].map(() => Math.round(y - between(random, 20, 150)));
    const fill = `hsl(${(hue + 190) % 360} 30% ${42 - row * 11}%)`;
    return `<path fill="${fill}" d="M0 ${y} C130 ${a} 210 ${b} 330 ${y} S540 ${c} 640 ${y} V800 H0Z"/>`;
  });
  const x = Math.round(between(random, 250, 390));
  const skin = `hsl(${Math.floor(between(random, 14, 34))} 45% ${Math.floor(between(random, 38, 76))}%)`;
  const hair = `hsl(${Math.floor(between(random, 8, 48))} 40% ${Math.floor(between(random, 10, 42))}%)`;
  const coat = `hsl(${Math.floor(between(random, 0, 360))} 48% 46%)`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="800">
    <linearGradient id="sky" x2="0" y2="1"><stop stop-color="${sky(0)}"/><stop offset="1" stop-color="${sky(1)}"/></linearGradient>
    <rect width="640" height="800" fill="url(#sky)"/>
    <circle cx="${Math.round(between(random, 80, 560))}" cy="${Math.round(between(random, 90, 240))}" r="54" fill="#fff6dc" opacity=".85"/>
    ${hills.join('')}
    <path fill="${hair}" d="M${x - 118} 420 a118 132 0 0 1 236 0 v150 h-236z"/>
    <path fill="${coat}" d="M${x - 220} 800 c0 -150 90 -210 220 -210 s220 60 220 210z"/>
    <rect x="${x - 42}" y="480" width="84" height="150" rx="42" fill="${skin}"/>
    <ellipse cx="${x}" cy="410" rx="88" ry="108" fill="${skin}"/>
    <path fill="${hair}" d="M${x - 96} 400 c0 -130 192 -130 192 0 c-50 -14 -90 -40 -110 -66 c-16 30 -46 54 -82 66z"/>
  </svg>`;
}
