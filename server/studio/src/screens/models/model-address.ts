/** The address of the list of models. */
export const MODELS = '/studio/models';

/** Returns the address of a model's details. */
export const addressOf = (id: string): string => `${MODELS}/${encodeURIComponent(id)}`;

/** Returns the ID of the model in an address, or '' for the list. */
export const idIn = (path: string): string => decodeURIComponent(path.slice(MODELS.length).replaceAll('/', ''));
