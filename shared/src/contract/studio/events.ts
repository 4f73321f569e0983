import * as z from 'zod/mini';
import { statusAnswerSchema } from '../status.ts';
import { datasetsEventSchema } from './datasets.ts';
import { studioEvaluationsSchema } from './evaluations.ts';
import { jobsEventSchema } from './jobs.ts';
import { studioModelsSchema } from './models.ts';
import { datasetReviewsSchema } from './photos.ts';
import { runsEventSchema } from './runs.ts';

/** How busy the server's machine is. */
export const machineUsageSchema = z.object({
  /** The fraction of all cores' time since the last look that they computed, from 0 to 1. */
  cpu: z.number(),
  memoryUsedBytes: z.int(),
  memoryTotalBytes: z.int(),
});

export type MachineUsage = z.infer<typeof machineUsageSchema>;

/**
 * What `GET /v1/studio/events` reports: each event's name, and the schema of its data. A page gets all of them when it
 * begins to listen, and afterwards each one that has changed.
 */
export const STUDIO_EVENTS = {
  status: statusAnswerSchema,
  machine: machineUsageSchema,
  datasets: datasetsEventSchema,
  models: studioModelsSchema,
  jobs: jobsEventSchema,
  runs: runsEventSchema,
  evaluations: studioEvaluationsSchema,
  reviews: datasetReviewsSchema,
} as const;

export type StudioEventName = keyof typeof STUDIO_EVENTS;

/** The data of each event, by its name. */
export type StudioEventData = { [Name in StudioEventName]: z.infer<(typeof STUDIO_EVENTS)[Name]> };
