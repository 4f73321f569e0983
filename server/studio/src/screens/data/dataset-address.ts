/** The address of the list of datasets. */
export const DATA = '/studio/data';

/** Returns the address of a dataset's photos. */
export const addressOf = (id: string): string => `${DATA}/${encodeURIComponent(id)}`;

/** Returns the ID of the dataset in an address, or '' for the list. */
export const idIn = (path: string): string => decodeURIComponent(path.slice(DATA.length).replaceAll('/', ''));

/** Returns the address of a dataset's pair of look-alikes. `place` counts from 0. */
export const pairAddressOf = (id: string, place: number): string => `${addressOf(id)}?pair=${place + 1}`;

/** Returns the place of the pair in an address's query, from 0, or undefined if it shows the grid. */
export function pairIn({ pair }: Readonly<Record<string, string>>): number | undefined {
  return pair !== undefined && /^[1-9]\d{0,8}$/.test(pair) ? Number(pair) - 1 : undefined;
}
