import { REPORT_FORM_URL } from './project-links.ts';

/** The maximum length of a URL that GitHub accepts, in characters. */
export const MAX_URL_LENGTH = 8_192;

/** What a report says: the fields of the issue form that Swipenet fills in. */
export interface Report {
  /** The site and what it shows, in one word each. */
  readonly page: string;
  /** The text of “Check this page”. */
  readonly check: string;
  /** The extension's, the server's and the browser's version. */
  readonly versions: string;
}

/**
 * Returns the URL of the issue form with a report filled in. If it gets too long, the check is cut off.
 *
 * @param cutOff what the check ends with if it is cut off.
 */
export function reportUrl(report: Report, cutOff: string): string {
  const whole = urlOf(report);
  if (whole.length <= MAX_URL_LENGTH) return whole;
  const shortened = (length: number) => urlOf({ ...report, check: `${report.check.slice(0, length)}\n${cutOff}` });
  let [fits, tooLong] = [0, report.check.length];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (shortened(middle).length <= MAX_URL_LENGTH) fits = middle;
    else tooLong = middle;
  }
  return shortened(fits);
}

function urlOf(report: Report): string {
  return `${REPORT_FORM_URL}&${new URLSearchParams({ ...report })}`;
}
