import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ManualRunner } from '../../../../test/support/manual-runner.ts';
import { Batcher } from './batcher.ts';

const MAX_BATCH = 3;
const MAX_WAITING = 6;

const engine = fc.nat(1);
const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('submit' as const), ahead: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('answer' as const), engine }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('spoil' as const), engine }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('fail' as const), engine }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('die' as const), engine }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('revive' as const), engine }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('abort' as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('expire' as const) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('wait' as const) }) },
);

type Event = typeof event extends fc.Arbitrary<infer Value> ? Value : never;

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Simulates a batcher with two engines and checks what must hold at every moment. */
class Simulation {
  readonly runners = [new ManualRunner(), new ManualRunner()];
  readonly priorities: ('now' | 'ahead')[] = [];
  readonly outcomes: Promise<unknown>[] = [];
  readonly #aborts: AbortController[] = [];
  /** Items whose caller left before they were sent to an engine. */
  readonly #left = new Set<number>();
  readonly batcher: Batcher<number, string>;

  constructor() {
    for (const runner of this.runners) {
      const run = runner.run.bind(runner);
      runner.run = (items, options) => {
        expect(items.length).toBeLessThanOrEqual(MAX_BATCH);
        expect(runner.alive).toBe(true);
        expect(items.filter((item) => this.#left.has(item))).toEqual([]);
        expect(new Set(items.map((item) => this.priorities[item])).size).toBe(1);
        return run(items, options);
      };
    }
    this.batcher = new Batcher(this.runners, { maxBatch: MAX_BATCH, maxWaiting: MAX_WAITING, now: () => 0 });
  }

  step(event: Event): Promise<unknown> | undefined {
    switch (event.type) {
      case 'submit':
        return void this.#submit(event.ahead ? 'ahead' : 'now');
      case 'answer':
      case 'fail':
        return void (this.runners[event.engine]!.batches.length > 0 && this.runners[event.engine]![event.type]());
      case 'spoil':
        return void this.runners[event.engine]!.batches.at(-1)?.end.resolve(Array(MAX_BATCH + 1).fill('one too many'));
      case 'die':
        return void this.#die(this.runners[event.engine]!);
      case 'revive':
        return void this.revive(this.runners[event.engine]!);
      case 'abort':
        return void this.#abort(event.which);
      case 'expire':
        for (const item of this.outcomes.keys()) this.#abort(item);
        return undefined;
      case 'wait':
        return settled();
    }
  }

  check(): void {
    const { accepted, refused, resolved, rejected, waiting, running } = this.batcher.counts;
    expect(resolved + rejected + waiting + running).toBe(accepted);
    expect(accepted + refused).toBe(this.outcomes.length);
    // The items of a failed batch are queued again even if the queue is full: at most one batch per engine.
    expect(waiting).toBeLessThanOrEqual(MAX_WAITING + MAX_BATCH * this.runners.length);
  }

  revive(runner: ManualRunner): void {
    runner.alive = true;
    runner.readiness.resolve();
  }

  #submit(priority: 'now' | 'ahead'): void {
    const item = this.outcomes.length;
    const abort = new AbortController();
    this.#aborts.push(abort);
    this.priorities.push(priority);
    const outcome = this.batcher.submit(item, { priority, signal: abort.signal });
    this.outcomes.push(outcome.catch((error: Error) => error));
  }

  #abort(item: number): void {
    if (!this.#aborts[item]) return;
    this.#left.add(item);
    this.#aborts[item].abort(new Error('left'));
  }

  #die(runner: ManualRunner): void {
    if (!runner.alive) return;
    runner.alive = false;
    runner.readiness = Promise.withResolvers();
    runner.batches.at(-1)?.end.reject(new Error('died'));
  }
}

it('every submitted item is accounted for, whatever the order of arrivals, aborts, deadlines, failures, deaths and closing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 80 }), fc.nat(80), async (events, closeAt) => {
      const simulation = new Simulation();
      let closing: Promise<void> | undefined;
      for (const [index, step] of events.entries()) {
        if (index === closeAt) closing = simulation.batcher.close();
        await simulation.step(step);
        simulation.check();
      }
      closing ??= simulation.batcher.close();
      const { batcher, runners } = simulation;
      for (let turn = 0; batcher.counts.waiting + batcher.counts.running > 0; turn += 1) {
        expect(turn, 'rounds until every item is answered').toBeLessThan(200);
        for (const runner of runners) {
          simulation.revive(runner);
          if (runner.batches.length > 0) runner.answer();
        }
        await settled();
        simulation.check();
      }
      await closing;
      for (const [item, outcome] of (await Promise.all(simulation.outcomes)).entries()) {
        if (!(outcome instanceof Error)) expect(outcome).toBe(`answer ${item}`);
      }
    }),
    { numRuns: 300 },
  );
});
