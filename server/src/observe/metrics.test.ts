import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { describe, expect, it } from 'vitest';
import { statusExample } from '../http/openapi/examples.ts';
import type { ScoredPhoto } from '../inference/scorer.ts';
import { Metrics } from './metrics.ts';

const model = { id: 'm', sha256: '0123456789abcdef' };
const still = { p50Ms: 0, p99Ms: 0, maxMs: 0 };

const photo = (decodeMs: number, queueMs: number, inferenceMs: number): ScoredPhoto => ({
  like: 0.5,
  evidence: new Float32Array(49),
  features: new Float16Array(),
  decodeMs,
  queueMs,
  inferenceMs,
});
const broken: ScoredPhoto = { error: new SwipenetError('photo_empty', 'no bytes') };

/** Returns every sample of the text, as `name{label="value",…}` → value. */
async function samplesOf(metrics: Metrics, status = statusExample, delay = still) {
  const text = await metrics.text(status, delay);
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    samples.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

const labeled = (name: string, more = '') => `${name}{model="m",version="0123456789ab"${more}}`;

describe('the metrics of a model', () => {
  it('have Triton’s names and labels, and start at 0', async () => {
    const metrics = new Metrics();
    metrics.forModel(model);
    const samples = await samplesOf(metrics);
    for (const name of [
      'nv_inference_request_success',
      'nv_inference_count',
      'nv_inference_exec_count',
      'nv_inference_pending_request_count',
      'nv_inference_request_duration_us',
      'nv_inference_queue_duration_us',
      'nv_inference_compute_input_duration_us',
      'nv_inference_compute_infer_duration_us',
      'swipenet_batch_photos_count',
      'swipenet_photo_decode_seconds_count',
    ]) {
      expect(samples).toHaveProperty([labeled(name)], 0);
    }
    for (const reason of ['REJECTED', 'CANCELED', 'BACKEND', 'OTHER']) {
      expect(samples).toHaveProperty([labeled('nv_inference_request_failure', `,reason="${reason}"`)], 0);
    }
  });

  it('count a request once, however many photos it has, and time each stage by its slowest photo', async () => {
    const metrics = new Metrics();
    metrics.forModel(model).succeeded([photo(10, 5, 45), photo(20, 1, 31), broken], 70);
    expect(await samplesOf(metrics)).toMatchObject({
      [labeled('nv_inference_request_success')]: 1,
      [labeled('nv_inference_request_duration_us')]: 70_000,
      [labeled('nv_inference_compute_input_duration_us')]: 20_000,
      [labeled('nv_inference_queue_duration_us')]: 5_000,
      [labeled('nv_inference_compute_infer_duration_us')]: 40_000,
      [labeled('swipenet_photo_decode_seconds_count')]: 2,
      [labeled('swipenet_photo_decode_seconds_sum')]: 0.03,
      [labeled('swipenet_photos_failed_total', ',code="photo_empty"')]: 1,
    });
  });

  it('count photos and batches when engines finish them, except failed batches', async () => {
    const metrics = new Metrics();
    const events = metrics.forModel(model);
    for (const [size, failed] of [
      [8, false],
      [4, false],
      [3, true],
    ] as const) {
      events.onFlush({ reason: 'engine_idle', size, waitedMs: 0 });
      events.onBatchEnd({ size, computeMs: 1, failed });
    }
    expect(await samplesOf(metrics)).toMatchObject({
      [labeled('nv_inference_count')]: 12,
      [labeled('nv_inference_exec_count')]: 2,
      [labeled('swipenet_batches_total', ',reason="engine_idle"')]: 3,
      [labeled('swipenet_batch_photos_sum')]: 15,
    });
  });

  it.each([
    ['queue_full', 'REJECTED'],
    ['deadline_exceeded', 'REJECTED'],
    ['request_aborted', 'CANCELED'],
    ['engine_failed', 'BACKEND'],
    ['internal', 'OTHER'],
    ['shutting_down', 'OTHER'],
  ] as const)('count %s as %s', async (code, reason) => {
    const metrics = new Metrics();
    metrics.forModel(model).failed(code);
    expect(await samplesOf(metrics)).toHaveProperty(
      [labeled('nv_inference_request_failure', `,reason="${reason}"`)],
      1,
    );
  });

  it('count a request as pending until its first photo reaches an engine or the request ends', async () => {
    const metrics = new Metrics();
    const ends = [metrics.forModel(model).pending(), metrics.forModel(model).pending()];
    const pending = async () => (await metrics.totals()).pendingRequests;
    expect(await pending()).toBe(2);
    ends[0]!();
    ends[0]!();
    expect(await pending()).toBe(1);
    ends[1]!();
    expect(await pending()).toBe(0);
  });

  it('are separate for each model', async () => {
    const metrics = new Metrics();
    metrics.forModel(model).failed('internal');
    metrics.forModel({ ...model }).failed('internal');
    metrics.forModel({ id: 'n', sha256: model.sha256 }).failed('internal');
    const samples = await samplesOf(metrics);
    expect(samples[labeled('nv_inference_request_failure', ',reason="OTHER"')]).toBe(2);
    expect(samples['nv_inference_request_failure{model="n",version="0123456789ab",reason="OTHER"}']).toBe(1);
  });
});

describe('the totals', () => {
  it('sum over all models, with batches by size', async () => {
    const metrics = new Metrics();
    for (const id of ['a', 'b']) {
      const one = metrics.forModel({ id, sha256: 'x' });
      one.succeeded([photo(1, 1, 2), broken], 5);
      one.failed('engine_failed');
      one.prepared(3);
      for (const size of [1, 3, 4, 32]) {
        one.onFlush({ reason: 'size', size, waitedMs: 0 });
        one.onBatchEnd({ size, computeMs: 1, failed: false });
      }
    }
    expect(await metrics.totals()).toEqual({
      requests: { succeeded: 2, failed: 2 },
      photos: { scored: 80, failed: 2, prepared: 6 },
      batches: {
        count: 8,
        photos: 80,
        sizes: [
          { upTo: 1, count: 2 },
          { upTo: 2, count: 0 },
          { upTo: 4, count: 4 },
          { upTo: 8, count: 0 },
          { upTo: 16, count: 0 },
          { upTo: 32, count: 2 },
        ],
      },
      pendingRequests: 0,
    });
  });
});

describe('the gauges', () => {
  it('match the status', async () => {
    const samples = await samplesOf(new Metrics(), statusExample, { p50Ms: 1, p99Ms: 4, maxMs: 9 });
    const gpu = '{gpu_uuid="GPU-1b2c3d4e-0000-1111-2222-333344445555"}';
    expect(samples).toMatchObject({
      swipenet_ready: 1,
      swipenet_engines: 1,
      swipenet_engines_alive: 1,
      swipenet_photos_waiting: 12,
      swipenet_photos_running: 32,
      swipenet_cache_hits_total: 1210,
      swipenet_cache_misses_total: 30_040,
      'swipenet_engine_memory_bytes{engine="0"}': 912_000_000,
      'swipenet_engine_restarts_total{engine="0",reason="died"}': 1,
      'swipenet_engine_restarts_total{engine="0",reason="hung"}': 0,
      'swipenet_engine_restarts_total{engine="0",reason="recycled"}': 2,
      'swipenet_event_loop_delay_seconds{quantile="0.99"}': 0.004,
      process_cpu_seconds_total: 401.9,
      [`nv_gpu_utilization${gpu}`]: 0.87,
      [`nv_gpu_memory_used_bytes${gpu}`]: 1_240_000_000,
    });
  });

  it('name only the current model and its precision after a switch', async () => {
    const metrics = new Metrics();
    await metrics.text(statusExample, still);
    const model = { id: 'mine-int8', sha256: 'x', precision: 'int8' } as const;
    const samples = await samplesOf(metrics, { ...statusExample, model });
    const infos = Object.keys(samples).filter((name) => name.startsWith('swipenet_model_info'));
    expect(infos).toEqual([expect.stringMatching(/model="mine-int8",sha256="x",precision="int8",device="cuda:0"/)]);
  });

  it('drop engines that are gone and figures that are unknown', async () => {
    const metrics = new Metrics();
    const restarts = { died: 0, hung: 0, recycled: 0 };
    const engine = { pid: null, alive: false, restarts, memoryBytes: null, cpuSeconds: null };
    await metrics.text(statusExample, still);
    const absent = { absent: 'nvidia-smi is not installed' };
    const samples = await samplesOf(metrics, { ...statusExample, state: 'not_ready', engines: [engine], gpu: absent });
    expect(samples).toMatchObject({ swipenet_ready: 0, swipenet_engines: 1, swipenet_engines_alive: 0 });
    expect(Object.keys(samples).filter((name) => /engine_memory|nv_gpu/.test(name))).toEqual([]);
  });

  it('of engines on other machines have their address, and drop it when they are gone', async () => {
    const metrics = new Metrics();
    const engine = {
      ...{ pid: null, alive: false, restarts: { died: 0, hung: 1, recycled: 0 }, memoryBytes: null, cpuSeconds: null },
      replica: {
        ...{ url: 'https://gpu', running: 2, batches: 70, failures: 4, ejections: { replica_timeout: 1 } },
        fault: { code: 'replica_timeout', message: 'it didn’t respond within 8 s' },
      },
    };
    const of = '{replica="https://gpu"';
    expect(await samplesOf(metrics, { ...statusExample, engines: [engine] })).toMatchObject({
      [`swipenet_replica_up${of}}`]: 0,
      [`swipenet_replica_batches_running${of}}`]: 2,
      [`swipenet_replica_batches_total${of}}`]: 70,
      [`swipenet_replica_failures_total${of}}`]: 4,
      [`swipenet_replica_ejections_total${of},reason="replica_timeout"}`]: 1,
    });
    expect(Object.keys(await samplesOf(metrics)).filter((name) => name.includes('replica='))).toEqual([]);
  });
});
