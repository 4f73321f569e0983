import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { type JobLog, jobStopSchema, type StudioJobs } from '@swipenet/shared/contract/studio/jobs.ts';
import type { ReportLink, RunMetrics, StudioRuns } from '@swipenet/shared/contract/studio/runs.ts';
import { type StudioTraining, trainingRequestSchema } from '@swipenet/shared/contract/studio/training.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv, StudioService } from '../../dependencies.ts';
import { readJson } from '../../form/json-body.ts';
import { NOT_STORED } from '../not-stored.ts';

/** A report's scripts draw its charts. In a sandbox, they have an origin of their own: neither cookies nor a session. */
const REPORT_POLICY =
  "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/** `GET /v1/studio/training`: returns what the form for training consists of. */
export function studioTrainingRoute({ studio: { training } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> =>
    context.json((await training.form()) satisfies StudioTraining, 200, NOT_STORED);
}

/** `GET /v1/studio/jobs`: lists the jobs. */
export function studioJobsRoute({ studio }: AppDependencies) {
  return (context: Context<AppEnv>): Promise<Response> => listJobs(context, studio);
}

/**
 * `POST /v1/studio/jobs`: adds a job that trains a model. Throws SwipenetError `body_malformed`, `studio_unknown`;
 * CommandError `option_invalid`, `model_exists`, `run_exists`, `home_unusable`.
 */
export function studioJobStartRoute({ studio }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const request = trainingRequestSchema.safeParse(await readJson(context));
    if (!request.success)
      throw new SwipenetError('body_malformed', 'the body must be JSON, as the OpenAPI document says');
    await studio.training.start(request.data);
    return await listJobs(context, studio);
  };
}

/** `POST /v1/studio/jobs/:job/stop`: stops a job that runs. Throws SwipenetError `body_malformed`, `studio_unknown`. */
export function studioJobStopRoute({ studio }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const stop = jobStopSchema.safeParse(await readJson(context));
    if (!stop.success) throw new SwipenetError('body_malformed', 'the body must be JSON: {"how": "pause"}');
    await studio.training.stop(context.req.param('job')!, stop.data.how);
    return await listJobs(context, studio);
  };
}

/** `DELETE /v1/studio/jobs/:job`: removes a job that waits or has ended. Throws SwipenetError `studio_unknown`. */
export function studioJobDeleteRoute({ studio }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    await studio.training.remove(context.req.param('job')!);
    return await listJobs(context, studio);
  };
}

/** `GET /v1/studio/jobs/:job/log`: returns the last lines of a job's output. Throws SwipenetError `studio_unknown`. */
export function studioJobLogRoute({ studio: { training } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const lines = await training.log(context.req.param('job')!);
    return context.json({ lines } satisfies JobLog, 200, NOT_STORED);
  };
}

/** `GET /v1/studio/runs`: lists the runs. */
export function studioRunsRoute({ studio: { training } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> =>
    context.json({ runs: await training.runs.list() } satisfies StudioRuns, 200, NOT_STORED);
}

/** `POST /v1/studio/runs/:run/resume`: adds a job that resumes a run. Throws SwipenetError `studio_unknown`. */
export function studioRunResumeRoute({ studio }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    await studio.training.resume(context.req.param('run')!);
    return await listJobs(context, studio);
  };
}

/** `GET /v1/studio/runs/:run/metrics?from=…`: returns what was measured since then. Throws SwipenetError `studio_unknown`. */
export function studioRunMetricsRoute({ studio: { training } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const metrics = await training.runs.metrics(context.req.param('run')!, context.req.query('from') ?? '');
    return context.json(metrics satisfies RunMetrics, 200, NOT_STORED);
  };
}

/** `POST /v1/studio/runs/:run/report`: makes a link to a run's report. Throws SwipenetError `studio_unknown`. */
export function studioRunReportRoute({ studio: { training } }: AppDependencies) {
  return (context: Context<AppEnv>): Response => {
    const code = training.reports.offer(training.runs.folderOf(context.req.param('run')!));
    const path = ROUTES.studioReport.path.replace(':code', code);
    return context.json({ path } satisfies ReportLink, 200, NOT_STORED);
  };
}

/** `GET /v1/studio/reports/:code`: returns the report of a link, in a sandbox. Throws SwipenetError `studio_unknown`. */
export function studioReportRoute({ studio: { training } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> =>
    context.html(await training.reports.open(context.req.param('code')!), 200, {
      'Content-Security-Policy': REPORT_POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      ...NOT_STORED,
    });
}

async function listJobs(context: Context<AppEnv>, { training }: Pick<StudioService, 'training'>): Promise<Response> {
  return context.json({ jobs: await training.jobs() } satisfies StudioJobs, 200, NOT_STORED);
}
