import { browser } from './browser.ts';
import { literal, object, oneOf, type Parsed, tryParse, union } from './parse.ts';
import { reportError } from './report-error.ts';
import { parseRules, type Rules } from './rules/rules.ts';

const parseOrder = union(
  object({ order: oneOf(['resume', 'toggle', 'why', 'check']) }),
  object({ order: literal('preview'), rules: parseRules }),
);

/**
 * What the worker can tell a page to do: resume; pause, or resume if something has stopped it (`toggle`); show or hide why; report which
 * parts of itself it recognizes; or report how the profile on top fares under some rules.
 */
export type Order = Parsed<typeof parseOrder>;

/** Handles the worker's orders to this page and answers each of them, until the signal aborts. */
export function onOrder(
  handlers: {
    readonly resume: () => unknown;
    readonly toggle: () => unknown;
    readonly why: () => unknown;
    readonly check: () => unknown;
    readonly preview: (rules: Rules) => unknown;
  },
  signal: AbortSignal,
): void {
  const listener = (message: unknown, _sender: unknown, sendAnswer: (answer: unknown) => void): true | undefined => {
    const given = tryParse(parseOrder, message);
    if (!given) return undefined;
    const handle = async () => (given.order === 'preview' ? handlers.preview(given.rules) : handlers[given.order]());
    void handle()
      .then((answer) => answer ?? null)
      .catch((error: unknown) => reportError(`handling ${given.order}`, error))
      .then(sendAnswer);
    return true; // Chromium ignores a promise from a listener; true announces a later answer
  };
  browser.runtime.onMessage.addListener(listener as () => true);
  signal.addEventListener('abort', () => browser.runtime.onMessage.removeListener(listener as () => true), {
    once: true,
  });
}
