/** Primaries of the profile for colors: those of Adobe RGB, adapted to D50. */
const PRIMARIES = {
  rXYZ: [0.6097, 0.3111, 0.0195],
  gXYZ: [0.2053, 0.6257, 0.0609],
  bXYZ: [0.1492, 0.0632, 0.7446],
} as const;
const D50 = [0.9642, 1, 0.8249] as const;

/** Writes an ICC profile (ICC.1, version 2.4) for gray or for colors of a wide gamut, with a power as its curve. */
export function iccProfile(channels: 'GRAY' | 'RGB ', gamma: number): Buffer {
  const curve = tag('curv', u32(1), u16(gamma * 256));
  const primaries = Object.entries(PRIMARIES).map(([name, values]): [string, Buffer] => [name, xyz(values)]);
  const tags: [string, Buffer][] = [
    ['desc', tag('desc', u32(5), Buffer.from('test\0'), Buffer.alloc(78))],
    ['cprt', tag('text', Buffer.from('none\0'))],
    ['wtpt', xyz(D50)],
    ...(channels === 'GRAY'
      ? [['kTRC', curve] satisfies [string, Buffer]]
      : [...primaries, ...['rTRC', 'gTRC', 'bTRC'].map((name): [string, Buffer] => [name, curve])]),
  ];
  let at = 132 + 12 * tags.length;
  const table = tags.map(([name, data]) => {
    const entry = Buffer.concat([Buffer.from(name), u32(at), u32(data.length)]);
    at += data.length;
    return entry;
  });
  const header = Buffer.alloc(128);
  header.writeUInt32BE(at, 0);
  header.writeUInt32BE(0x02400000, 8);
  header.write(`mntr${channels}XYZ `, 12);
  header.write('acsp', 36);
  Buffer.concat(D50.map(fixed)).copy(header, 68);
  return Buffer.concat([header, u32(tags.length), ...table, ...tags.map(([, data]) => data)]);
}

const xyz = (values: readonly number[]) => tag('XYZ ', ...values.map(fixed));

/** Tags start at multiples of four bytes. */
function tag(type: string, ...data: readonly Buffer[]): Buffer {
  const whole = Buffer.concat([Buffer.from(type), Buffer.alloc(4), ...data]);
  return Buffer.concat([whole, Buffer.alloc(-whole.length & 3)]);
}

const u16 = (value: number) => Buffer.of(value >> 8, value & 255);
const u32 = (value: number) => Buffer.of(value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255);
const fixed = (value: number) => u32(Math.round(value * 65_536) >>> 0);
