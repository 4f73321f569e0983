import * as z from 'zod/mini';
import { decisionRuleSchema } from '../decision-schemas.ts';
import { PRECISIONS } from './model.ts';

/** The response of `GET /healthz`: the process is running. */
export const healthAnswerSchema = z.object({ status: z.literal('ok') });

export type HealthAnswer = z.infer<typeof healthAnswerSchema>;

/** The response of `GET /v2/health/live` (Open Inference Protocol v2): the process is running. */
export const liveAnswerSchema = z.object({ live: z.literal(true) });

export type LiveAnswer = z.infer<typeof liveAnswerSchema>;

/** The response of `GET /v2/health/ready` (Open Inference Protocol v2): an engine is warm on the chosen device, and a decoder runs. */
export const readyAnswerSchema = z.object({ ready: z.literal(true) });

export type ReadyAnswer = z.infer<typeof readyAnswerSchema>;

const countSchema = z.int().check(z.gte(0));

/** A process's memory and CPU time. They come from Linux's /proc and are `null` on other systems. */
const usageShape = {
  /** Resident memory, in bytes. */
  memoryBytes: z.nullable(countSchema),
  /** CPU time since the process started, summed over all cores. */
  cpuSeconds: z.nullable(z.number()),
};

/** An engine or a decoder. */
const childSchema = z.object({
  pid: z.nullable(countSchema),
  alive: z.boolean(),
  /** How often it got a new process, by reason. Engines count since the model was loaded. */
  restarts: z.object({ died: countSchema, hung: countSchema, recycled: countSchema }),
  ...usageShape,
});

/** An engine. One on another machine has no process here. */
const engineSchema = z.extend(childSchema, {
  replica: z.optional(
    z.object({
      url: z.string(),
      /** Why it isn't used, or `null` if it is. */
      fault: z.nullable(z.object({ code: z.string(), message: z.string() })),
      /** Batches that it is computing. */
      running: countSchema,
      /** Batches that it answered, and that it didn't answer. */
      batches: countSchema,
      failures: countSchema,
      /** How often it was ejected or refused, by the code of its fault. */
      ejections: z.record(z.string(), countSchema),
    }),
  ),
});

/** One GPU as nvidia-smi reports it. Figures that it doesn't report (`[N/A]`) are `null`. */
const gpuUsageSchema = z.object({
  index: countSchema,
  uuid: z.string(),
  name: z.string(),
  /** The fraction of nvidia-smi's last sample during which a kernel ran, from 0 to 1. */
  load: z.nullable(z.number()),
  memoryUsedBytes: z.nullable(countSchema),
  memoryTotalBytes: z.nullable(countSchema),
  temperatureC: z.nullable(z.number()),
  powerW: z.nullable(z.number()),
});

/** The GPUs of the server's machine, or the reason why there are none. */
const gpusSchema = z.union([z.object({ gpus: z.array(gpuUsageSchema) }), z.object({ absent: z.string() })]);

export type Gpus = z.infer<typeof gpusSchema>;

/**
 * The response of `GET /v1/status`: the current state of the server. Counters start at zero when the server starts. To get a
 * rate, divide the difference of two responses by the difference of their `uptimeMs`.
 */
export const statusAnswerSchema = z.object({
  state: z.enum(['ready', 'not_ready', 'shutting_down']),
  uptimeMs: z.number(),
  /** Older servers leave out `precision` and `rule`. They compute in float32, and use the rule `any`. */
  model: z.object({
    id: z.string(),
    sha256: z.string(),
    precision: z.optional(z.enum(PRECISIONS)),
    rule: z.optional(decisionRuleSchema),
  }),
  device: z.object({ name: z.string(), executionProvider: z.string(), reason: z.string() }),
  /** Score requests. Invalid ones (4xx) count as neither. */
  requests: z.object({ succeeded: countSchema, failed: countSchema }),
  /**
   * `scored` includes photos whose result came from the cache. `prepared` counts those that the client had prepared, of
   * requests that succeeded. Older servers leave it out.
   */
  photos: z.object({ scored: countSchema, failed: countSchema, prepared: z.optional(countSchema) }),
  /** Photos that are waiting for an engine, photos that are in one, and requests whose photos are all still waiting. */
  queue: z.object({ waiting: countSchema, running: countSchema, pendingRequests: countSchema }),
  batches: z.object({
    count: countSchema,
    photos: countSchema,
    /**
     * A histogram of batch sizes: each entry counts the batches of up to `upTo` photos that no smaller entry counts.
     */
    sizes: z.array(z.object({ upTo: countSchema, count: countSchema })),
  }),
  /** Lookups in the result cache, or `null` if the cache is off. */
  cache: z.nullable(z.object({ hits: countSchema, misses: countSchema })),
  engines: z.array(engineSchema),
  /** The processes that decode photos. Older servers leave them out. */
  decoders: z.optional(z.array(childSchema)),
  /** The server's own process, which handles requests. */
  server: z.object({ pid: countSchema, ...usageShape, eventLoopDelayP99Ms: z.number() }),
  /** The number of cores that the server may use. */
  cores: countSchema,
  gpu: gpusSchema,
});

export type StatusAnswer = z.infer<typeof statusAnswerSchema>;
