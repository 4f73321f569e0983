import { describe, expect, it } from 'vitest';
import { expanded, inFrontOf } from './levels.ts';

describe('levels', () => {
  it('of a limited range are expanded, in the channels that have it', () => {
    const pixels = Uint8Array.of(0, 16, 126, 235, 255, 16, 16, 235);
    expect([...expanded({ pixels, channels: 1 }, { color: true, opacity: true }).pixels]).toEqual([
      ...[0, 0, 128, 255, 255, 0, 0, 255],
    ]);
    expect([...expanded({ pixels, channels: 4 }, { color: false, opacity: true }).pixels]).toEqual([
      ...[0, 16, 126, 255, 255, 16, 16, 255],
    ]);
    expect([...expanded({ pixels, channels: 2 }, { color: true, opacity: false }).pixels]).toEqual([
      ...[0, 16, 128, 235, 255, 16, 0, 235],
    ]);
  });

  it('are mixed with the background by their opacity', () => {
    const background = { r: 255, g: 100, b: 0 };
    const colors = { pixels: Uint8Array.of(10, 20, 30, 255, 10, 20, 30, 0, 55, 200, 100, 51), channels: 4 };
    expect(inFrontOf(background, colors)).toEqual({
      pixels: Uint8Array.of(10, 20, 30, 255, 100, 0, 215, 120, 20),
      channels: 3,
    });
    const gray = { pixels: Uint8Array.of(9, 255, 9, 0), channels: 2 };
    expect(inFrontOf(background, gray).pixels).toEqual(Uint8Array.of(9, 9, 9, 255, 100, 0));
  });

  it('without opacity stay as they are', () => {
    const pixels = { pixels: Uint8Array.of(1, 2, 3), channels: 3 };
    expect(inFrontOf({ r: 0, g: 0, b: 0 }, pixels)).toEqual(pixels);
  });
});
