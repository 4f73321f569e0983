import { parseLabel } from '../messages.ts';
import {
  array,
  int,
  literal,
  nullable,
  number,
  object,
  oneOf,
  optional,
  type Parsed,
  string,
  union,
} from '../parse.ts';
import type { StoredState } from './stored-state.ts';

/** Identifies a step while it waits. */
const key = int(0);

/** Sends a label to the server. */
const parseSending = object({
  kind: literal('send'),
  key,
  /** The label's id, from the page. A correction has the id of the label that it corrects. */
  id: string(),
  /** When the person swiped, in wall-clock time. */
  atMs: number(),
  /** What is sent, with the keyed hash of the profile's ID. */
  label: parseLabel,
  /**
   * - `new`: it was never sent.
   * - `tried`: it was sent, but the answer may have been lost. It may have arrived.
   * - `unwanted`: it was `tried`, and the person took it back. It is sent again to learn its id on the server, then deleted.
   */
  state: oneOf(['new', 'tried', 'unwanted']),
});

/** Deletes a label that has arrived. */
const parseDeletion = object({ kind: literal('delete'), key, swipeId: int() });

const parseLabels = object({
  /** The address of the server that all of this is for. */
  server: string(),
  nextKey: key,
  /** What is left to do, oldest first. */
  steps: array(union(parseSending, parseDeletion)),
  /** The labels that need nothing more, newest last, so that none is added twice. */
  ended: array(
    object({
      id: string(),
      /** Present unless the label is lost or was taken back. */
      kept: optional(
        object({
          /** The label's id on the server, or null for a swipe of Swipenet's own, which the server doesn't know. */
          swipeId: nullable(int()),
          atMs: number(),
          label: parseLabel,
        }),
      ),
    }),
  ),
  /** How many labels the server couldn't store. */
  lost: int(0),
});

/** Something that the server has yet to learn. */
export type LabelStep = Parsed<typeof parseLabels>['steps'][number];

/** Deletes a label on the server. */
export type Deletion = Parsed<typeof parseDeletion>;

/** A label on its way to the server. */
export type Sending = Parsed<typeof parseSending>;

/** The labels of one server. They name neither photos nor people. */
export type Labels = Parsed<typeof parseLabels>;

/** No labels. */
export const NO_LABELS: Labels = { server: '', nextKey: 0, steps: [], ended: [], lost: 0 };

/** The stored labels, which outlive the browser. */
export const LABELS: StoredState<Labels> = {
  area: 'local',
  key: 'labels',
  parse: parseLabels,
  migrations: [],
  initial: NO_LABELS,
};
