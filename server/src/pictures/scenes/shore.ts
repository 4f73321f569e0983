import { between, type Random } from '@swipenet/shared/random.ts';
import { mix, newRaster, put, type Raster, ramp } from '../../image/raster.ts';
import { detail, fractal } from '../noise.ts';
import { drawSky, HOURS, randomSky } from './sky.ts';

/** Draws the sea from a beach: waves that glitter below the sun, foam, wet and dry sand. */
export function drawShore(random: Random): Raster {
  const raster = newRaster();
  const { width, height, light } = raster;
  const horizon = Math.round(height * between(random, 0.4, 0.52));
  const sky = randomSky(random, raster, horizon, [HOURS.golden, HOURS.dusk, HOURS.morning, HOURS.golden]);
  drawSky(raster, sky, horizon);
  const { zenith, horizon: low, sun, ambient } = sky.hour;
  const offset = random() * 512;
  const beach = between(random, 0.5, 0.72);
  const slant = between(random, -0.3, 0.3);
  for (let y = horizon; y < height; y += 1) {
    const near = (y - horizon + 0.7) / (height - horizon);
    const far = 1 / near;
    for (let x = 0; x < width; x += 1) {
      const across = (x - width / 2) / width;
      const at = (y * width + x) * 3;
      const px = across * far * 14 + offset;
      const pz = far * 9 + offset;
      // Waves come in rows, so they are long sideways and short along the view.
      const swell = fractal(px * 1.6, pz * 5) - 0.5;
      const chop = detail(px * 4.5, pz * 15) * ramp(0, 0.12, near) * 0.55 + detail(px * 11, pz * 34) * 0.3;
      const slope = swell * 1.6 + chop * 0.55;
      const edge = beach + slant * across + (fractal(across * 90 + offset, offset) - 0.5) * 0.16;
      const depth = edge - near;
      const mirror = Math.min(1, Math.max(0, 0.75 - near * 0.55 + slope * 0.5));
      const beneath = Math.abs(x - sky.sunX - slope * 60) / (26 + 150 * near);
      const glitter = Math.exp(-beneath * beneath) * ramp(-0.05, 0.5, slope + 0.1) * 1.5;
      const skyShare = mix(0.9, 0.35, near);
      let red = mix(zenith[0] * 0.5 + 0.01, mix(zenith[0], low[0], skyShare), mirror) + sun[0] * glitter;
      let green = mix(zenith[1] * 0.55 + 0.03, mix(zenith[1], low[1], skyShare), mirror) + sun[1] * glitter;
      let blue = mix(zenith[2] * 0.45 + 0.03, mix(zenith[2], low[2], skyShare), mirror) + sun[2] * glitter;
      if (depth < 0.16) {
        const lace = fractal(px * 6, pz * 9 + 31) + detail(px * 16, pz * 22) * 0.2;
        const foam = ramp(0.62, 0.85, lace + ramp(0.1, 0, Math.abs(depth - 0.03)) * 0.42) * ramp(-0.03, 0.01, depth);
        const dry = ramp(0.02, -0.16, depth);
        const sand = 0.55 + 0.5 * fractal(x * 0.5 + offset, y * 1.1) + detail(x * 1.5, y * 1.5) * 0.16;
        const wet = mix(0.3, 1, dry) * sand;
        const shone = 0.75 + 0.5 * Math.exp(-Math.abs(x - sky.sunX) / 300);
        const onLand = ramp(0.02, -0.012, depth);
        const gleam = (1 - dry) * 0.42;
        red = mix(red, wet * 0.5 * (ambient[0] + sun[0] * 0.5) * shone + gleam * low[0] * 0.6, onLand);
        green = mix(green, wet * 0.38 * (ambient[1] + sun[1] * 0.5) * shone + gleam * low[1] * 0.6, onLand);
        blue = mix(blue, wet * 0.27 * (ambient[2] + sun[2] * 0.5) * shone + gleam * low[2] * 0.6, onLand);
        red = mix(red, ambient[0] + sun[0] * 0.5, foam);
        green = mix(green, ambient[1] + sun[1] * 0.5, foam);
        blue = mix(blue, ambient[2] + sun[2] * 0.5, foam);
      }
      put(light, at, red, green, blue);
    }
  }
  return raster;
}
