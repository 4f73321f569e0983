import { CommandError } from '../../command-error.ts';
import { required } from '../required-flag.ts';

/** The order of the two classes in a network's outputs. */
export type ClassOrder = 'NOPE,LIKE' | 'LIKE,NOPE';

/**
 * Returns the order of two classes from their labels. Labels say it if one of them is `like` or `nope`, in any case.
 *
 * @param choices what flags say: the label that is LIKE, or the order.
 * @throws CommandError `option_invalid`, naming the flag.
 */
export function labelOrder(
  labels: readonly string[],
  choices: { readonly like?: string | undefined; readonly classes?: ClassOrder | undefined },
): ClassOrder {
  const { like, classes } = choices;
  const named = orderOf(labels.findIndex(isNamed('like')), labels.findIndex(isNamed('nope')));
  const chosen = like === undefined ? undefined : orderOf(placeOf(like, labels), -1);
  rejectOther('like', chosen, named, labels);
  rejectOther('classes', classes, named ?? chosen, labels);
  return required(named ?? chosen ?? classes, 'like', `which label means LIKE: ${labels.join(' or ')}`);
}

/** Rejects a flag that contradicts the files. */
function rejectOther(
  flag: string,
  order: ClassOrder | undefined,
  known: ClassOrder | undefined,
  labels: readonly string[],
): void {
  if (order === undefined || known === undefined || order === known) return;
  const fact = `the labels ${labels.join(', ')} of labels.txt, whose order is ${known}`;
  throw new CommandError('option_invalid', `--${flag} contradicts ${fact}; leave the flag out`);
}

const isNamed = (name: string) => (label: string) => label.toLowerCase() === name;

function orderOf(likeAt: number, nopeAt: number): ClassOrder | undefined {
  if (likeAt < 0 && nopeAt < 0) return undefined;
  return likeAt === 0 || nopeAt === 1 ? 'LIKE,NOPE' : 'NOPE,LIKE';
}

function placeOf(like: string, labels: readonly string[]): number {
  const place = labels.indexOf(like);
  if (place >= 0) return place;
  throw new CommandError('option_invalid', `--like ${like} is not in labels.txt, which has ${labels.join(', ')}`);
}
