/**
 * Why swiping waits, pauses or ends. A closed list: each has its text in `_locales` (`reason_…`, held by a test).
 * - `person`: it goes on when the person says Resume (or, after a hold, swipes the card);
 * - `itself`: it goes on as soon as the cause is gone.
 */
export const REASONS = {
  person_acted: 'person',
  hold: 'person',
  swipe_unverified: 'person',
  dialog_unknown: 'person',
  paid_control: 'person',
  control_missing: 'person',
  page_unreadable: 'person',

  dialog_open: 'itself',
  deck_ended: 'itself',
  tab_hidden: 'itself',
  page_loading: 'itself',
  consent_missing: 'itself',
  worker_gone: 'itself',
  server_unreachable: 'itself',
  server_slow: 'itself',
  server_busy: 'itself',
  server_failed: 'itself',
  server_refused: 'itself',
  server_unknown: 'itself',
  server_older: 'itself',
  extension_older: 'itself',
  token_missing: 'itself',
  token_wrong: 'itself',
} as const satisfies Record<string, 'person' | 'itself'>;

/** See {@link REASONS}. */
export type Reason = keyof typeof REASONS;

/** Every reason, for schemas. */
export const REASON_CODES = Object.keys(REASONS) as [Reason, ...Reason[]];

/** True for a reason after which only the person can let it go on. */
export function needsPerson(reason: Reason): boolean {
  return REASONS[reason] === 'person';
}
