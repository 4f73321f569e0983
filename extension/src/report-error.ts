const reported = new WeakSet<Error>();

/**
 * Logs an error once, with the step that failed, however many hands it passes through. Its message alone is logged:
 * causes and URLs (a photo's URL is a secret of the person on it) stay out of the console.
 */
export function reportError(step: string, thrown: unknown, log: (line: string) => void = console.warn): void {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (reported.has(error)) return;
  reported.add(error);
  log(`swipenet: ${step}: ${error.message.replaceAll(/\b(https?|blob|data):\S+/g, '<address>')}`);
}
