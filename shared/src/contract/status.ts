import * as z from 'zod/mini';
import { PRECISIONS } from './model.ts';

/** The answer of `GET /healthz`: the process is alive and answers. */
export const healthAnswerSchema = z.object({ status: z.literal('ok') });

/** See {@link healthAnswerSchema}. */
export type HealthAnswer = z.infer<typeof healthAnswerSchema>;

/** The answer of `GET /v2/health/live` (Open Inference Protocol v2): the process is alive and answers. */
export const liveAnswerSchema = z.object({ live: z.literal(true) });

/** See {@link liveAnswerSchema}. */
export type LiveAnswer = z.infer<typeof liveAnswerSchema>;

/** The answer of `GET /v2/health/ready` (Open Inference Protocol v2): an engine is alive and warm on the set device. */
export const readyAnswerSchema = z.object({ ready: z.literal(true) });

/** See {@link readyAnswerSchema}. */
export type ReadyAnswer = z.infer<typeof readyAnswerSchema>;

const countSchema = z.int().check(z.gte(0));

/** What a process takes; `null` where the operating system does not say (it is read from Linux's /proc). */
const usageShape = {
  /** Resident memory. */
  memoryBytes: z.nullable(countSchema),
  /** Processor time since the process began, over all cores. */
  cpuSeconds: z.nullable(z.number()),
};

/** One GPU, as nvidia-smi tells it; `null` where it does not (`[N/A]`). */
export const gpuUsageSchema = z.object({
  index: countSchema,
  uuid: z.string(),
  name: z.string(),
  /** Share of the last moment in which a kernel ran, 0 to 1. */
  load: z.nullable(z.number()),
  memoryUsedBytes: z.nullable(countSchema),
  memoryTotalBytes: z.nullable(countSchema),
  temperatureC: z.nullable(z.number()),
  powerW: z.nullable(z.number()),
});

/** See {@link gpuUsageSchema}. */
export type GpuUsage = z.infer<typeof gpuUsageSchema>;

/** The GPUs of the server's machine, or why none is seen, in words. */
export const gpusSchema = z.union([z.object({ gpus: z.array(gpuUsageSchema) }), z.object({ absent: z.string() })]);

/** See {@link gpusSchema}. */
export type Gpus = z.infer<typeof gpusSchema>;

/**
 * The answer of `GET /v1/status`: the server at this moment. What counts, counts from the server's start; a rate is the
 * difference of two answers over the difference of their `uptimeMs`.
 */
export const statusAnswerSchema = z.object({
  state: z.enum(['ready', 'not_ready', 'shutting_down']),
  uptimeMs: z.number(),
  /** Older servers do not say in which precision; they compute in float32. */
  model: z.object({ id: z.string(), sha256: z.string(), precision: z.optional(z.enum(PRECISIONS)) }),
  device: z.object({ name: z.string(), executionProvider: z.string(), reason: z.string() }),
  /** Requests to score photos; one that was itself at fault counts as neither. */
  requests: z.object({ succeeded: countSchema, failed: countSchema }),
  /** `scored` counts those too whose answer was known. */
  photos: z.object({ scored: countSchema, failed: countSchema }),
  /** Photos that wait for an engine and that are in one, now; and requests of which no photo has reached one. */
  queue: z.object({ waiting: countSchema, running: countSchema, pendingRequests: countSchema }),
  batches: z.object({
    count: countSchema,
    photos: countSchema,
    /** Batches by size: those of `upTo` photos and fewer that are in no smaller class. */
    sizes: z.array(z.object({ upTo: countSchema, count: countSchema })),
  }),
  /** Photos that were looked up among those scored before; `null` where nothing is kept. */
  cache: z.nullable(z.object({ hits: countSchema, misses: countSchema })),
  engines: z.array(
    z.object({
      pid: z.nullable(countSchema),
      alive: z.boolean(),
      /** How often it got a new process since its model was taken, by why its last one had to go. */
      restarts: z.object({ died: countSchema, hung: countSchema, recycled: countSchema }),
      ...usageShape,
    }),
  ),
  /** The process that answers and decodes. */
  server: z.object({ pid: countSchema, ...usageShape, eventLoopDelayP99Ms: z.number() }),
  /** Cores that the server may use. */
  cores: countSchema,
  gpu: gpusSchema,
});

/** See {@link statusAnswerSchema}. */
export type StatusAnswer = z.infer<typeof statusAnswerSchema>;
