const { start, swipenet } = document.documentElement.dataset;

/** The command that starts the server, as people type it on its computer. The server puts it into the page. */
export const START = start!;

/** Returns a command as people type it on the server's computer. */
export const toRun = (command: string): string => `${swipenet} ${command}`;
