/** True in the published package, which has JavaScript. The source tree has TypeScript, which Node runs directly. */
export const PACKAGED = !import.meta.filename.endsWith('.ts');

/** The words before the name of a command, as people type them where this runs. */
export const SWIPENET = PACKAGED ? 'swipenet' : 'npm run -s swipenet --';

/** The command that starts the server for people: it also says where the extension is. */
export const START = PACKAGED ? 'swipenet start' : 'npm start';

/** Returns a command as people type it where this runs: `toRun('setup cuda')`. For messages, never for records. */
export const toRun = (command: string): string => `${SWIPENET} ${command}`;
