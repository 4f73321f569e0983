/** The address of the list of datasets. */
export const DATA = '/studio/data';

/** Returns the address of a dataset's photos. */
export const addressOf = (id: string): string => `${DATA}/${encodeURIComponent(id)}`;

/** Returns the ID of the dataset in an address, or '' for the list. */
export const idIn = (path: string): string => decodeURIComponent(path.slice(DATA.length).replaceAll('/', ''));
