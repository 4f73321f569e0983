import { shownLocale } from '../../texts.ts';

const language = shownLocale();
const times = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
const exactTimes = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'medium' });
const days = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' });
const fullDays = new Intl.DateTimeFormat(language, { dateStyle: 'long' });

/** Formats `Nov 27, 2026, 2:03 PM`. */
export const formatTime = (ms: number) => times.format(ms);

/** Formats a time with its weekday and seconds. */
export const formatExactTime = (ms: number) => exactTimes.format(ms);

/** Formats `Nov 27`. */
export const formatDay = (ms: number) => days.format(ms);

/** Formats `November 27, 2026`. */
export const formatFullDay = (ms: number) => fullDays.format(ms);
