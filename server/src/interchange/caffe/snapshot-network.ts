import type { ResizeMode } from '@swipenet/shared/photo.ts';
import { CommandError } from '../../command-error.ts';
import type { InputChoices } from '../import-input.ts';
import { channelsOf, classesOf, dividedInput, type FileNetwork } from '../import-network.ts';
import { recognize } from '../recognize/recognize.ts';
import { caffeGraph } from './caffe-graph.ts';
import { type ClassOrder, labelOrder } from './label-order.ts';
import { readCaffeModel } from './messages.ts';
import { parsePrototxt } from './prototxt.ts';
import type { CaffeSnapshot } from './snapshot.ts';
import { snapshotFacts } from './snapshot-facts.ts';

/** A network of Caffe, and what the files next to it say. */
export interface SnapshotNetwork {
  /** Takes gray levels from 0 to 255. Its mean is undefined if no file has one, or if a flag replaces it. */
  readonly network: FileNetwork;
  readonly order: ClassOrder | undefined;
  readonly resize: ResizeMode | undefined;
  /** What the files say, one sentence each. */
  readonly sentences: readonly string[];
}

/** What flags say about a snapshot. */
export interface SnapshotChoices extends InputChoices {
  /** The label that means LIKE. */
  readonly like?: string | undefined;
  readonly classes?: ClassOrder | undefined;
  readonly resize?: ResizeMode | undefined;
}

/**
 * Reads the network of a snapshot: its structure from `deploy.prototxt`, its weights from the `.caffemodel`, and how
 * photos become its input and what its outputs mean from the other files.
 *
 * @throws CommandError `weights_invalid`, or `option_invalid` if a flag contradicts a file or is needed.
 */
export function readSnapshotNetwork(
  bytes: Uint8Array,
  fileName: string,
  snapshot: CaffeSnapshot,
  choices: SnapshotChoices,
): SnapshotNetwork {
  const blobs = readCaffeModel(bytes, fileName);
  const net = parsePrototxt(snapshot.deploy, 'deploy.prototxt');
  const { weights } = recognize(caffeGraph(net, blobs, 'deploy.prototxt'));
  const channels = channelsOf(weights);
  const { mean, meanIsStated, divisor, resize, labels, sentences } = snapshotFacts(snapshot, channels);
  if (channels === 3 && choices.channels === 'rgb') {
    throw new CommandError('option_invalid', '--channels contradicts the file: Caffe’s networks take blue, green, red');
  }
  if (resize && choices.resize && resize !== choices.resize) {
    throw new CommandError(
      'option_invalid',
      `--resize contradicts info.json, which says ${resize}; leave the flag out`,
    );
  }
  const replaced = choices.mean !== undefined && !meanIsStated;
  const read = { weights, channels, mean: replaced ? undefined : mean, temperature: undefined, metadata: {} };
  const order = orderOf(read, labels, choices);
  const [first, second] = order === 'NOPE,LIKE' ? ['NOPE', 'LIKE'] : ['LIKE', 'NOPE'];
  const meaning = labels && order ? [`labels.txt: ${labels[0]} is ${first}, ${labels[1]} is ${second}`] : [];
  return {
    network: dividedInput(read, Array(channels).fill(divisor)),
    order,
    resize,
    sentences: [...meaning, ...(replaced ? [] : sentences)],
  };
}

function orderOf(
  network: FileNetwork,
  labels: readonly string[] | undefined,
  choices: SnapshotChoices,
): ClassOrder | undefined {
  const classes = classesOf(network);
  if (labels && labels.length !== classes) {
    const message = `labels.txt has ${labels.length} labels, but the network has ${classes} classes`;
    throw new CommandError('weights_invalid', message);
  }
  if (classes === 2 && labels) return labelOrder(labels, choices);
  if (choices.like === undefined) return undefined;
  const why = labels ? 'the network has two classes' : 'a labels.txt is next to the snapshot';
  throw new CommandError('option_invalid', `--like only works if ${why}`);
}
