/** Gives happy-dom the locks that it lacks. Nobody waits for one, because nothing changes the settings concurrently. */
export function fakeLocks(): void {
  const value = { request: (_: string, change: () => unknown) => change() };
  Object.defineProperty(navigator, 'locks', { value, configurable: true }); // the next test file may share the process
}
