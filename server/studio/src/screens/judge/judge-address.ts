/** The address of the list of evaluations. */
export const JUDGE = '/studio/judge';

/** Returns the address of an evaluation, perhaps beside another one. */
export const addressOf = (id: string, other = ''): string => [JUDGE, id, ...(other ? [other] : [])].join('/');

/** Returns the IDs of the evaluation in an address and of the one beside it. They are '' if there is none. */
export function idsIn(path: string): readonly [id: string, other: string] {
  const [id = '', other = ''] = path.slice(JUDGE.length + 1).split('/');
  return [id, other];
}
