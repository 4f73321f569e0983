const reported = new WeakSet<Error>();

/**
 * Logs an error with the step that failed. An error that is reported again is not logged again. Only the message is
 * logged, without causes and URLs, because the URL of a photo can be secret.
 */
export function reportError(step: string, thrown: unknown, log: (line: string) => void = console.warn): void {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (reported.has(error)) return;
  reported.add(error);
  log(`swipenet: ${step}: ${error.message.replaceAll(/\b(https?|blob|data):\S+/g, '<address>')}`);
}
