import type { Reason } from './reasons.ts';
import { formatSetPercent, type Translate, translate } from './texts.ts';

/** Returns the text of a reason. The detail of a status fills it in: a limit, a photo's number, or a sentence of advice. */
export function reasonText(
  { reason, detail = '' }: { readonly reason: Reason; readonly detail?: string | undefined },
  translated: Translate = translate,
): string {
  // Numbers come as text from the worker, which doesn't know how they are shown.
  const isNumber = /^\d+(\.\d+)?$/.test(detail);
  const value =
    reason === 'limit_share' ? formatSetPercent(Number(detail), translated) : isNumber ? Number(detail) : detail;
  return translated(`reason_${reason}`, value).trim();
}
