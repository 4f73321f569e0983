/** How often the event loop may turn before a test gives up. */
const MAX_TURNS = 20_000;

/** Waits for something that other parts of this process bring about, without sleeping. Throws if it doesn't happen. */
export async function until(isTrue: () => boolean): Promise<void> {
  for (let turn = 0; !isTrue(); turn += 1) {
    if (turn > MAX_TURNS) throw new Error(`it didn’t happen: ${isTrue}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
