import { START, SWIPENET } from '../command-form.ts';

/** Puts commands as people type them here into a page, in place of `{{start}}` and `{{swipenet}}`. */
export const withCommands = (page: string): string =>
  page.replaceAll('{{start}}', START).replaceAll('{{swipenet}}', SWIPENET);
