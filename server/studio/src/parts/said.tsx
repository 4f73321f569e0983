import { Notice } from './notice.tsx';
import type { Action } from './use-action.ts';

/** Shows that an action is in progress, and then its result. */
export function Said({ doing, said }: Pick<Action, 'doing' | 'said'>) {
  if (doing !== undefined) return <Notice>{doing}</Notice>;
  return said ? <Notice kind={said.isError ? 'error' : 'note'}>{said.text}</Notice> : null;
}
