/** Turns a level from 0 to 1 into linear light. */
export type ToLight = (level: number) => number;

/** Chromaticities x and y of white, red, green and blue. */
export type Chromaticities = readonly [
  ...white: [number, number],
  ...red: [number, number],
  ...green: [number, number],
  ...blue: [number, number],
];

/** What the levels of a picture mean. */
export interface ColorSpace {
  readonly toLight: ToLight;
  readonly chromaticities: Chromaticities;
}

type Matrix = readonly [number, number, number, number, number, number, number, number, number];
export type Vector = readonly [number, number, number];

/** The white of ICC profiles (ICC.1, 7.2.16). */
export const D50: Vector = [0.9642, 1, 0.8249];

const D65 = [0.3127, 0.329] as const;
export const SRGB_CHROMATICITIES: Chromaticities = [...D65, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06];

/** The transfer function of sRGB (IEC 61966-2-1). */
export const srgbToLight: ToLight = (level) => (level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4);

/** A transfer function that is a power. */
export const powerToLight =
  (exponent: number): ToLight =>
  (level) =>
    level ** exponent;

/** The transfer function of SMPTE ST 240M. */
const st240ToLight: ToLight = (level) => (level < 0.0913 ? level / 4 : ((level + 0.1115) / 1.1115) ** (1 / 0.45));

/** Primaries by their code points (ITU-T H.273, table 2). Chromium ignores the others. */
const PRIMARIES: Readonly<Record<number, Chromaticities>> = {
  1: SRGB_CHROMATICITIES,
  4: [0.31, 0.316, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08],
  5: [...D65, 0.64, 0.33, 0.29, 0.6, 0.15, 0.06],
  6: [...D65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07],
  7: [...D65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07],
  8: [0.31, 0.316, 0.681, 0.319, 0.243, 0.692, 0.145, 0.049],
  9: [...D65, 0.708, 0.292, 0.17, 0.797, 0.131, 0.046],
  11: [0.314, 0.351, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06],
  12: [...D65, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06],
};

/** Transfer functions by their code points (ITU-T H.273, table 3). Those of HDR aren't here: they need tone mapping. */
const TRANSFERS: Readonly<Record<number, ToLight>> = {
  4: powerToLight(2.2),
  5: powerToLight(2.8),
  7: st240ToLight,
  8: powerToLight(1),
  13: srgbToLight,
};

/**
 * Returns the color space of code points for primaries and transfer (ITU-T H.273), as PNG and AVIF store them.
 *
 * @param video what to take for the transfer functions of video, which are the same curve: 1, 6, 11, 14 and 15.
 * @returns `undefined` for code points that mean nothing, or HDR.
 */
export function codedSpace(primaries: number, transfer: number, video: ToLight): ColorSpace | undefined {
  const toLight = [1, 6, 11, 14, 15].includes(transfer) ? video : TRANSFERS[transfer];
  const chromaticities = PRIMARIES[primaries];
  return toLight && chromaticities && { toLight, chromaticities };
}

/** True if levels already are what sRGB says. */
export const isSrgb = ({ toLight, chromaticities }: ColorSpace): boolean =>
  toLight === srgbToLight && chromaticities === SRGB_CHROMATICITIES;

/**
 * Returns the columns of the matrix from linear light to CIE XYZ as seen under D50, where ICC profiles connect: those of
 * red, green and blue.
 *
 * @returns `undefined` if the chromaticities make no color space.
 */
export function columnsToD50(chromaticities: Chromaticities): readonly [Vector, Vector, Vector] | undefined {
  const toXyz = matrixToXyz(chromaticities);
  if (!toXyz) return undefined;
  const [a, b, c, d, e, f, g, h, i] = product(adaptation(whiteOf(chromaticities), D50), toXyz);
  return [
    [a, d, g],
    [b, e, h],
    [c, f, i],
  ];
}

const whiteOf = ([x, y]: Chromaticities): Vector => xyz(x, y);
const xyz = (x: number, y: number): Vector => [x / y, 1, (1 - x - y) / y];

/** Computes the matrix from linear light to CIE XYZ, in which red, green and blue add up to white. */
function matrixToXyz(chromaticities: Chromaticities): Matrix | undefined {
  const [, , ...[rx, ry, gx, gy, bx, by]] = chromaticities;
  const [r, g, b] = [xyz(rx, ry), xyz(gx, gy), xyz(bx, by)];
  const columns: Matrix = [r[0], g[0], b[0], r[1], g[1], b[1], r[2], g[2], b[2]];
  const reversed = inverse(columns);
  if (!reversed) return undefined;
  const [sr, sg, sb] = times(reversed, whiteOf(chromaticities));
  const matrix = product(columns, [sr, 0, 0, 0, sg, 0, 0, 0, sb]);
  return matrix.every(Number.isFinite) ? matrix : undefined;
}

/** Adapts colors seen under one white to another one (Bradford, as in ICC profiles). */
function adaptation(from: Vector, to: Vector): Matrix {
  const cones: Matrix = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296];
  const [f, t] = [times(cones, from), times(cones, to)];
  const scale: Matrix = [t[0] / f[0], 0, 0, 0, t[1] / f[1], 0, 0, 0, t[2] / f[2]];
  return product(inverse(cones)!, product(scale, cones));
}

const times = ([a, b, c, d, e, f, g, h, i]: Matrix, [x, y, z]: Vector): Vector => [
  a * x + b * y + c * z,
  d * x + e * y + f * z,
  g * x + h * y + i * z,
];

function product(left: Matrix, [a, b, c, d, e, f, g, h, i]: Matrix): Matrix {
  const [first, second, third] = [times(left, [a, d, g]), times(left, [b, e, h]), times(left, [c, f, i])];
  return [first[0], second[0], third[0], first[1], second[1], third[1], first[2], second[2], third[2]];
}

function inverse([a, b, c, d, e, f, g, h, i]: Matrix): Matrix | undefined {
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (!(Math.abs(determinant) > 1e-9)) return undefined;
  const adjugate: Matrix = [
    ...[e * i - f * h, c * h - b * i, b * f - c * e],
    ...[f * g - d * i, a * i - c * g, c * d - a * f],
    ...[d * h - e * g, b * g - a * h, a * e - b * d],
  ] as unknown as Matrix;
  return adjugate.map((value) => value / determinant) as unknown as Matrix;
}
