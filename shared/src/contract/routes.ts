/**
 * The version of the protocol between server and extension. Increase it by one with every incompatible change. Both
 * sides compare it and tell the user which one to update.
 */
export const CONTRACT_VERSION = 1;

/** The port that the server listens on by default. */
export const DEFAULT_PORT = 8787;

/**
 * Every route of the server. `token: true` means any token. `'local'` means only the local token, and only from the
 * server's own machine. `'session'` means a session of the start page, which only that machine can have. With
 * `session: true`, such a session may use a route instead of a token.
 */
export const ROUTES = {
  score: { method: 'POST', path: '/v1/score', token: true, session: true },
  pair: { method: 'POST', path: '/v1/pair', token: false },
  /** Asks the person on the start page to allow this browser, so that no code has to be typed. */
  pairAsk: { method: 'POST', path: '/v1/pair/ask', token: false },
  /** Asks what became of that, and gets the token once. */
  pairClaim: { method: 'POST', path: '/v1/pair/claim', token: false },
  pairingCode: { method: 'POST', path: '/v1/pair/code', token: 'local' },
  /** Needs no token, because it comes before one is sent. Answers only programs on the server's own machine. */
  proof: { method: 'GET', path: '/v1/proof', token: false },
  /** Exchanges the code in the link to the start page for a session. */
  session: { method: 'POST', path: '/v1/session', token: false },
  sessionLink: { method: 'POST', path: '/v1/session/link', token: 'local' },
  sessionPairings: { method: 'GET', path: '/v1/session/pairings', token: 'session' },
  sessionDecide: { method: 'POST', path: '/v1/session/pairings', token: 'session' },
  model: { method: 'GET', path: '/v1/model', token: true, session: true },
  reload: { method: 'POST', path: '/v1/model', token: 'local' },
  models: { method: 'GET', path: '/v1/models', token: true },
  /** Paired devices need the owner's permission, see MODEL_CHANGES. */
  modelActivate: { method: 'POST', path: '/v1/models/activate', token: true },
  swipes: { method: 'POST', path: '/v1/swipes', token: true },
  swipeList: { method: 'GET', path: '/v1/swipes', token: true, session: true },
  swipeDelete: { method: 'DELETE', path: '/v1/swipes/:id', token: true, session: true },
  taste: { method: 'GET', path: '/v1/taste', token: true, session: true },
  tasteDelete: { method: 'DELETE', path: '/v1/taste', token: true, session: true },
  tasteExport: { method: 'GET', path: '/v1/taste/export', token: true },
  tasteLearn: { method: 'POST', path: '/v1/taste/learn', token: true, session: true },
  tasteActivate: { method: 'POST', path: '/v1/taste/activate', token: true, session: true },
  tasteRollback: { method: 'POST', path: '/v1/taste/rollback', token: true, session: true },
  status: { method: 'GET', path: '/v1/status', token: true, session: true },
  health: { method: 'GET', path: '/healthz', token: false },
  live: { method: 'GET', path: '/v2/health/live', token: false },
  ready: { method: 'GET', path: '/v2/health/ready', token: false },
  oipServer: { method: 'GET', path: '/v2', token: true },
  oipModel: { method: 'GET', path: '/v2/models/:model', token: true },
  oipModelReady: { method: 'GET', path: '/v2/models/:model/ready', token: true },
  oipModelConfig: { method: 'GET', path: '/v2/models/:model/config', token: true },
  oipInfer: { method: 'POST', path: '/v2/models/:model/infer', token: true },
  /** Needs no token if the server runs with `--metrics-open`. */
  metrics: { method: 'GET', path: '/metrics', token: true },
  start: { method: 'GET', path: '/', token: false },
  startStyle: { method: 'GET', path: '/start/page.css', token: false },
  startScript: { method: 'GET', path: '/start/page.js', token: false },
  studio: { method: 'GET', path: '/studio', token: false },
  /** A file of the studio, or the address of one of its screens, which all are the same page. */
  studioFile: { method: 'GET', path: '/studio/:file{.+}', token: false },
  studioDatasets: { method: 'GET', path: '/v1/studio/datasets', token: 'session' },
  studioDatasetRemoval: { method: 'GET', path: '/v1/studio/datasets/:dataset/removal', token: 'session' },
  studioDatasetDelete: { method: 'DELETE', path: '/v1/studio/datasets/:dataset', token: 'session' },
  studioThumbnails: { method: 'GET', path: '/v1/studio/datasets/:dataset/thumbnails', token: 'session' },
  studioTraining: { method: 'GET', path: '/v1/studio/training', token: 'session' },
  studioJobs: { method: 'GET', path: '/v1/studio/jobs', token: 'session' },
  studioJobStart: { method: 'POST', path: '/v1/studio/jobs', token: 'session' },
  studioJobStop: { method: 'POST', path: '/v1/studio/jobs/:job/stop', token: 'session' },
  studioJobDelete: { method: 'DELETE', path: '/v1/studio/jobs/:job', token: 'session' },
  studioJobLog: { method: 'GET', path: '/v1/studio/jobs/:job/log', token: 'session' },
  studioRuns: { method: 'GET', path: '/v1/studio/runs', token: 'session' },
  studioRunResume: { method: 'POST', path: '/v1/studio/runs/:run/resume', token: 'session' },
  studioRunRemoval: { method: 'GET', path: '/v1/studio/runs/:run/removal', token: 'session' },
  studioRunDelete: { method: 'DELETE', path: '/v1/studio/runs/:run', token: 'session' },
  studioRunMetrics: { method: 'GET', path: '/v1/studio/runs/:run/metrics', token: 'session' },
  studioRunReport: { method: 'POST', path: '/v1/studio/runs/:run/report', token: 'session' },
  /** A browser that opens a report sends no key, so the address has a code that works once. */
  studioReport: { method: 'GET', path: '/v1/studio/reports/:code', token: false },
  studioPhotoNumbers: { method: 'GET', path: '/v1/studio/datasets/:dataset/numbers', token: 'session' },
  studioPhotoFacts: { method: 'GET', path: '/v1/studio/datasets/:dataset/photos', token: 'session' },
  studioPhoto: { method: 'GET', path: '/v1/studio/datasets/:dataset/photos/:photo', token: 'session' },
  studioDraft: { method: 'GET', path: '/v1/studio/datasets/:dataset/draft', token: 'session' },
  studioRelabel: { method: 'POST', path: '/v1/studio/datasets/:dataset/draft', token: 'session' },
  studioDraftDiscard: { method: 'DELETE', path: '/v1/studio/datasets/:dataset/draft', token: 'session' },
  studioPairs: { method: 'GET', path: '/v1/studio/datasets/:dataset/pairs', token: 'session' },
  studioDrop: { method: 'POST', path: '/v1/studio/datasets/:dataset/drops', token: 'session' },
  studioVersionSave: { method: 'POST', path: '/v1/studio/datasets/:dataset/versions', token: 'session' },
  studioLabelCheck: { method: 'POST', path: '/v1/studio/datasets/:dataset/check', token: 'session' },
  studioLabelCheckStop: { method: 'DELETE', path: '/v1/studio/datasets/:dataset/check', token: 'session' },
  studioImportBegin: { method: 'POST', path: '/v1/studio/imports', token: 'session' },
  studioImportFiles: { method: 'POST', path: '/v1/studio/imports/:import/files', token: 'session' },
  studioImportBuild: { method: 'POST', path: '/v1/studio/imports/:import/dataset', token: 'session' },
  studioImportCancel: { method: 'DELETE', path: '/v1/studio/imports/:import', token: 'session' },
  studioModels: { method: 'GET', path: '/v1/studio/models', token: 'session' },
  studioModelImport: { method: 'POST', path: '/v1/studio/models', token: 'session' },
  studioModelActivate: { method: 'POST', path: '/v1/studio/models/:model/activate', token: 'session' },
  studioModelExport: { method: 'GET', path: '/v1/studio/models/:model/export', token: 'session' },
  studioModelDelete: { method: 'DELETE', path: '/v1/studio/models/:model', token: 'session' },
  studioLayers: { method: 'POST', path: '/v1/studio/layers', token: 'session' },
  studioLabelPhotos: { method: 'GET', path: '/v1/studio/labels/:id/photos', token: 'session' },
  studioEvaluations: { method: 'GET', path: '/v1/studio/evaluations', token: 'session' },
  studioEvaluationStart: { method: 'POST', path: '/v1/studio/evaluations', token: 'session' },
  studioEvaluation: { method: 'GET', path: '/v1/studio/evaluations/:evaluation', token: 'session' },
  studioEvaluationScores: { method: 'GET', path: '/v1/studio/evaluations/:evaluation/scores', token: 'session' },
  studioEvaluationDelete: { method: 'DELETE', path: '/v1/studio/evaluations/:evaluation', token: 'session' },
  studioEvents: { method: 'GET', path: '/v1/studio/events', token: 'session' },
  openapi: { method: 'GET', path: '/openapi.json', token: false },
  docs: { method: 'GET', path: '/docs', token: false },
  docsStyle: { method: 'GET', path: '/docs/style.css', token: false },
} as const satisfies Record<
  string,
  { method: 'GET' | 'POST' | 'DELETE'; path: `/${string}`; token: boolean | 'local' | 'session'; session?: true }
>;

export type RouteName = keyof typeof ROUTES;

/**
 * Returns true if errors at a path have the body of the Open Inference Protocol: `{"error": "…"}`. The health checks have
 * the envelope of all other routes.
 */
export const hasOipErrors = (path: string): boolean => /^\/v2(?!\/health\/)(\/|$)/.test(path);

/** Returns true if a session of the start page may use a route instead of a token. */
export const takesSession = (name: RouteName): boolean => 'session' in ROUTES[name];
