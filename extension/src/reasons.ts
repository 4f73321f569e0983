/**
 * Every reason why swiping waits, pauses or ends. Each has a text in `_locales` (`reason_…`); a test checks that.
 * - `person`: continues when the person clicks Resume.
 * - `card`: continues when the person clicks Resume or swipes that card.
 * - `itself`: continues as soon as the cause is gone.
 * - `quiet`: like `itself`, but nothing is wrong. Swipenet waits for the page, or for the person to come back to it.
 */
const REASONS = {
  person_acted: 'person',
  paused: 'person',
  hold: 'card',
  only_videos: 'card',
  rule_hold: 'card',
  seen_before: 'card',
  spot_check: 'card',
  close_call: 'card',
  photo_count_unsure: 'card',
  card_unproven: 'card',
  swipe_unverified: 'person',
  swipe_failed: 'person',
  dialog_unknown: 'person',
  surface_ambiguous: 'person',
  control_missing: 'person',
  control_ambiguous: 'person',
  page_unreadable: 'person',
  out_of_likes: 'person',
  upsell_open: 'person',
  permission_prompt: 'person',
  signed_out: 'person',
  challenge: 'person',
  limit_session: 'person',
  limit_day: 'person',
  limit_likes: 'person',
  limit_share: 'person',
  extension_updated: 'person',

  consent_layer: 'itself',
  offline: 'itself',
  page_changed: 'itself',
  covered: 'itself',
  off_screen: 'itself',
  consent_missing: 'itself',
  gate_closed: 'itself',
  photo_access: 'itself',
  worker_gone: 'itself',
  server_unreachable: 'itself',
  server_slow: 'itself',
  server_busy: 'itself',
  server_failed: 'itself',
  server_refused: 'itself',
  server_unknown: 'itself',
  server_older: 'itself',
  extension_older: 'itself',
  proxy_body_limit: 'itself',
  proxy_no_server: 'itself',
  proxy_timeout: 'itself',
  proxy_denied: 'itself',
  proxy_redirect: 'itself',
  token_missing: 'itself',
  token_wrong: 'itself',

  outside_hours: 'quiet',
  other_tab: 'quiet',
  dialog_open: 'quiet',
  deck_ended: 'quiet',
  tab_hidden: 'quiet',
  page_loading: 'quiet',
} as const satisfies Record<string, 'person' | 'card' | 'itself' | 'quiet'>;

/** Why swiping waits, pauses or ends. */
export type Reason = keyof typeof REASONS;

/** Every reason, for parsers. */
export const REASON_CODES = Object.keys(REASONS) as [Reason, ...Reason[]];

/** True if swiping continues only after the person acts. */
export function needsPerson(reason: Reason): boolean {
  return REASONS[reason] === 'person' || REASONS[reason] === 'card';
}

/** True if the reason ends when its card leaves, no matter who swiped it. */
export function endsWithCard(reason: Reason): boolean {
  return REASONS[reason] !== 'person';
}

/** True if nothing is wrong, so neither the badge nor the popup shows a warning. */
export function isQuiet(reason: Reason): boolean {
  return REASONS[reason] === 'quiet';
}

/** True if the person has taken over, and nothing else keeps Swipenet from swiping. */
export function isPause(reason: Reason): boolean {
  return reason === 'paused' || reason === 'person_acted';
}

/** True if Resume would do something: swiping is stopped, or the page is unreadable, which matters in every mode. */
export function canResume(reason: Reason | null, isSwiping: boolean): boolean {
  return reason !== null && needsPerson(reason) && (isSwiping || reason === 'page_unreadable');
}

/** True if Pause would do something. */
export function canPause(reason: Reason | null, isSwiping: boolean): boolean {
  return isSwiping && !canResume(reason, isSwiping);
}
