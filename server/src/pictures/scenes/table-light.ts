import { type Light, mix, ramp } from '../../image/raster.ts';
import { STALK, type Thing } from './things.ts';

/** The share of the window's light that reaches a point: 0 in full shadow, 1 outside. Edges soften with distance. */
export function shade(things: readonly Thing[], x: number, y: number, z: number, sun: Light, self?: Thing): number {
  let open = 1;
  for (const thing of things) {
    if (thing === self || thing.material === STALK) continue;
    const dx = thing.x - x;
    const dy = thing.y - y;
    const dz = thing.z - z;
    const along = dx * sun[0] + dy * sun[1] + dz * sun[2];
    if (along <= 0) continue;
    const beside = dx * dx + dy * dy + dz * dz - along * along;
    const soft = 0.1 + 0.16 * along;
    if (beside < (thing.wide + soft) ** 2)
      open *= ramp(thing.wide - soft, thing.wide + soft, Math.sqrt(Math.max(0, beside)));
  }
  return open;
}

/** The share of the room's light that reaches the table. Little arrives right below a thing. */
function contact(things: readonly Thing[], x: number, z: number): number {
  let open = 1;
  for (const thing of things) {
    const apart = ((thing.x - x) ** 2 + (thing.z - z) ** 2) / (thing.wide * thing.wide);
    if (apart < 6 && thing.y < thing.tall * 1.1) open *= 1 - 0.85 / (1 + apart * (1.2 + apart));
  }
  return open;
}

/** Precomputes the light on the table, from the window (`lit`) and from the room (`open`), on a grid of points. */
export function lightTable(things: readonly Thing[], sun: Light) {
  const step = 0.08;
  const side = Math.ceil((2 * TABLE_REACH) / step) + 2;
  const lit = new Float32Array(side * side);
  const open = new Float32Array(side * side);
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      const x = column * step - TABLE_REACH;
      const z = row * step - TABLE_REACH;
      lit[row * side + column] = shade(things, x, 0, z, sun);
      open[row * side + column] = contact(things, x, z);
    }
  }
  const read = (map: Float32Array, x: number, z: number): number => {
    const column = Math.min(side - 2, Math.max(0, (x + TABLE_REACH) / step));
    const row = Math.min(side - 2, Math.max(0, (z + TABLE_REACH) / step));
    const at = Math.floor(row) * side + Math.floor(column);
    const share = column - Math.floor(column);
    return mix(mix(map[at]!, map[at + 1]!, share), mix(map[at + side]!, map[at + side + 1]!, share), row % 1);
  };
  return { lit, open, read };
}

/** Half the side of the precomputed area. There are no shadows beyond it. */
const TABLE_REACH = 6;
