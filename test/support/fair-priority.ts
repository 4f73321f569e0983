// Vitest's setup file. Engines and decoders have priority 10. Tests and browsers at the usual one would leave them a tenth of a
// busy core, and then wait for them.
import { getPriority, setPriority } from 'node:os';

/** Just above that of engines and decoders, so that tests still see that theirs is lower. */
const NICENESS = 9;

if (getPriority() < NICENESS) setPriority(NICENESS);
