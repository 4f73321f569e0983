import { Counter, Gauge, type Registry } from '@prometheus-io/client';
import type { StatusAnswer } from '@swipenet/shared/contract/status.ts';

/** The metrics of engines on other machines. Their label is an address from the settings. */
export function replicaGauges(registers: Registry[]) {
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ['replica'], registers });
  const counter = <Label extends string = never>(name: string, help: string, more: readonly Label[] = []) =>
    new Counter({ name, help, labelNames: ['replica', ...more], registers });
  const up = gauge('swipenet_replica_up', '1 if a replica is used, 0 if it is ejected.');
  const running = gauge('swipenet_replica_batches_running', 'Batches that a replica is computing.');
  const batches = counter('swipenet_replica_batches_total', 'Batches that a replica answered.');
  const failures = counter('swipenet_replica_failures_total', 'Batches that a replica didn’t answer.');
  const ejections = counter('swipenet_replica_ejections_total', 'How often a replica was ejected, by the reason.', [
    'reason',
  ]);
  return {
    set(engines: StatusAnswer['engines']): void {
      for (const metric of [up, running, batches, failures, ejections]) metric.reset();
      for (const { alive, replica: stats } of engines) {
        if (!stats) continue;
        const { url: replica } = stats;
        up.set({ replica }, alive ? 1 : 0);
        running.set({ replica }, stats.running);
        batches.inc({ replica }, stats.batches);
        failures.inc({ replica }, stats.failures);
        for (const [reason, count] of Object.entries(stats.ejections)) ejections.inc({ replica, reason }, count);
      }
    },
  };
}
