import { describe, expect, it } from 'vitest';
import { sumOf } from '../bench/serving/load.ts';
import { disturbReplicas } from '../bench/serving/replica-chaos.ts';

// npm run bench -- replica-chaos is the same for two minutes.
describe('a server in front of three others', () => {
  it('hangs no request and gives no wrong verdict while they are killed, stalled and cut off', async () => {
    const result = await disturbReplicas(10, { everyMs: 2_500 });
    if (result.onLoopback) console.warn(`the replicas are on loopback, so none is cut off: ${result.onLoopback}`);
    expect(sumOf(result.blows)).toBeGreaterThanOrEqual(2);
    expect(result.requests).toBeGreaterThan(0);
    expect(result).toMatchObject({ wrong: 0, hung: 0, failures: {} });
    expect(result.sentAgain).toBeLessThanOrEqual(result.inFlight);
  }, 180_000); // four servers start, which takes longest on a busy machine
});
