import type { ResizeMode } from '@swipenet/shared/photo.ts';
import { planResize } from './axis.ts';
import { graySquare, type Pixels } from './gray-square.ts';
import { preparableType } from './preparable-type.ts';
import { patternFile, patternPixels } from './test-pattern.ts';

/** Why a photo isn't prepared and has to be sent as it is. */
export type NotPrepared = 'changed pixels' | 'another format' | 'not decodable' | 'another size';

/** What a preparer needs of the browser. */
export interface PreparerParts {
  readonly readPixels: (bytes: Uint8Array<ArrayBuffer>, type: string) => Promise<Pixels | undefined>;
}

/** Prepares photos as the server does, in the worker. */
export class PhotoPreparer {
  readonly #readPixels: PreparerParts['readPixels'];
  /** True if this browser returns the pixels that it draws. Protection against fingerprinting changes them. */
  #isFaithful: Promise<boolean> | undefined;

  constructor({ readPixels }: PreparerParts) {
    this.#readPixels = readPixels;
  }

  /** Returns the gray levels of a photo, `[256, 256]` in rows, or why it isn't prepared. */
  async prepare(bytes: Uint8Array<ArrayBuffer>, mode: ResizeMode): Promise<Uint8Array<ArrayBuffer> | NotPrepared> {
    const type = preparableType(bytes);
    if (!type) return 'another format';
    this.#isFaithful ??= this.#tryPattern(); // once, when the worker first needs it
    if (!(await this.#isFaithful)) return 'changed pixels';
    let pixels: Pixels | undefined;
    try {
      pixels = await this.#readPixels(bytes, `image/${type}`);
    } catch {
      return 'not decodable'; // the server says what is wrong with it
    }
    const plan = pixels && planResize(pixels, type, mode);
    return pixels && plan ? graySquare(pixels, plan) : 'another size';
  }

  async #tryPattern(): Promise<boolean> {
    const expected = patternPixels();
    try {
      const shown = await this.#readPixels(patternFile(), 'image/bmp');
      return shown?.width === expected.width && expected.data.every((level, at) => level === shown.data[at]);
    } catch {
      return false;
    }
  }
}
