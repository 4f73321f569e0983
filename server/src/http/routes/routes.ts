import type { RouteName } from '@swipenet/shared/contract/routes.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../dependencies.ts';
import { docsRoute, docsStyleRoute, openApiRoute } from './docs-routes.ts';
import { healthRoute, liveRoute, readyRoute } from './health-routes.ts';
import { metricsRoute } from './metrics-route.ts';
import { modelRoute } from './model-route.ts';
import { modelActivateRoute, modelsRoute } from './models-routes.ts';
import { oipInferRoute } from './oip/infer-route.ts';
import { oipModelConfigRoute, oipModelReadyRoute, oipModelRoute, oipServerRoute } from './oip/model-routes.ts';
import { pairAskRoute, pairClaimRoute, pairingCodeRoute, pairRoute } from './pair-routes.ts';
import { proofRoute } from './proof-route.ts';
import { reloadRoute } from './reload-route.ts';
import { scoreRoute } from './score-route.ts';
import { sessionDecideRoute, sessionLinkRoute, sessionPairingsRoute, sessionRoute } from './session-routes.ts';
import { startRoute, startScriptRoute, startStyleRoute } from './start-routes.ts';
import { statusRoute } from './status-route.ts';
import { studioDatasetsRoute, studioThumbnailsRoute } from './studio/dataset-routes.ts';
import {
  studioEvaluationDeleteRoute,
  studioEvaluationRoute,
  studioEvaluationScoresRoute,
  studioEvaluationStartRoute,
  studioEvaluationsRoute,
} from './studio/evaluation-routes.ts';
import { studioEventsRoute } from './studio/events-route.ts';
import { studioFileRoute, studioRoute } from './studio/file-routes.ts';
import {
  studioImportBeginRoute,
  studioImportBuildRoute,
  studioImportCancelRoute,
  studioImportFilesRoute,
} from './studio/import-routes.ts';
import { studioLabelPhotosRoute } from './studio/labels-route.ts';
import { studioLayersRoute } from './studio/layers-route.ts';
import {
  studioModelActivateRoute,
  studioModelDeleteRoute,
  studioModelExportRoute,
  studioModelImportRoute,
  studioModelsRoute,
} from './studio/models-routes.ts';
import {
  studioDraftDiscardRoute,
  studioDraftRoute,
  studioDropRoute,
  studioLabelCheckRoute,
  studioLabelCheckStopRoute,
  studioPairsRoute,
  studioPhotoFactsRoute,
  studioPhotoNumbersRoute,
  studioPhotoRoute,
  studioRelabelRoute,
  studioVersionSaveRoute,
} from './studio/photo-routes.ts';
import {
  studioDatasetDeleteRoute,
  studioDatasetRemovalRoute,
  studioRunDeleteRoute,
  studioRunRemovalRoute,
} from './studio/removal-routes.ts';
import {
  studioJobDeleteRoute,
  studioJobLogRoute,
  studioJobStartRoute,
  studioJobStopRoute,
  studioJobsRoute,
  studioReportRoute,
  studioRunMetricsRoute,
  studioRunReportRoute,
  studioRunResumeRoute,
  studioRunsRoute,
  studioTrainingRoute,
} from './studio/training-routes.ts';
import { swipeDeleteRoute, swipeListRoute, swipesRoute } from './swipe-routes.ts';
import {
  tasteActivateRoute,
  tasteDeleteRoute,
  tasteExportRoute,
  tasteLearnRoute,
  tasteRollbackRoute,
  tasteRoute,
} from './taste-routes.ts';

/** A route's handler with its dependencies bound. */
export type RouteHandler = (context: Context<AppEnv>) => Response | Promise<Response>;

/** The handler of every route. A route without one doesn't compile. */
export const routeHandlers: Record<RouteName, (dependencies: AppDependencies) => RouteHandler> = {
  score: scoreRoute,
  model: modelRoute,
  pair: pairRoute,
  pairAsk: pairAskRoute,
  pairClaim: pairClaimRoute,
  pairingCode: pairingCodeRoute,
  proof: proofRoute,
  session: sessionRoute,
  sessionLink: sessionLinkRoute,
  sessionPairings: sessionPairingsRoute,
  sessionDecide: sessionDecideRoute,
  status: statusRoute,
  reload: reloadRoute,
  models: modelsRoute,
  modelActivate: modelActivateRoute,
  swipes: swipesRoute,
  swipeList: swipeListRoute,
  swipeDelete: swipeDeleteRoute,
  taste: tasteRoute,
  tasteDelete: tasteDeleteRoute,
  tasteExport: tasteExportRoute,
  tasteLearn: tasteLearnRoute,
  tasteActivate: tasteActivateRoute,
  tasteRollback: tasteRollbackRoute,
  oipServer: oipServerRoute,
  oipModel: oipModelRoute,
  oipModelReady: oipModelReadyRoute,
  oipModelConfig: oipModelConfigRoute,
  oipInfer: oipInferRoute,
  health: healthRoute,
  live: liveRoute,
  ready: readyRoute,
  metrics: metricsRoute,
  start: startRoute,
  startStyle: startStyleRoute,
  startScript: startScriptRoute,
  studio: studioRoute,
  studioFile: studioFileRoute,
  studioDatasets: studioDatasetsRoute,
  studioDatasetRemoval: studioDatasetRemovalRoute,
  studioDatasetDelete: studioDatasetDeleteRoute,
  studioThumbnails: studioThumbnailsRoute,
  studioTraining: studioTrainingRoute,
  studioJobs: studioJobsRoute,
  studioJobStart: studioJobStartRoute,
  studioJobStop: studioJobStopRoute,
  studioJobDelete: studioJobDeleteRoute,
  studioJobLog: studioJobLogRoute,
  studioRuns: studioRunsRoute,
  studioRunResume: studioRunResumeRoute,
  studioRunRemoval: studioRunRemovalRoute,
  studioRunDelete: studioRunDeleteRoute,
  studioRunMetrics: studioRunMetricsRoute,
  studioRunReport: studioRunReportRoute,
  studioReport: studioReportRoute,
  studioDraftDiscard: studioDraftDiscardRoute,
  studioDraft: studioDraftRoute,
  studioPairs: studioPairsRoute,
  studioDrop: studioDropRoute,
  studioLabelCheck: studioLabelCheckRoute,
  studioLabelCheckStop: studioLabelCheckStopRoute,
  studioPhotoFacts: studioPhotoFactsRoute,
  studioPhotoNumbers: studioPhotoNumbersRoute,
  studioPhoto: studioPhotoRoute,
  studioRelabel: studioRelabelRoute,
  studioVersionSave: studioVersionSaveRoute,
  studioImportBegin: studioImportBeginRoute,
  studioImportFiles: studioImportFilesRoute,
  studioImportBuild: studioImportBuildRoute,
  studioImportCancel: studioImportCancelRoute,
  studioModels: studioModelsRoute,
  studioModelImport: studioModelImportRoute,
  studioModelActivate: studioModelActivateRoute,
  studioModelExport: studioModelExportRoute,
  studioModelDelete: studioModelDeleteRoute,
  studioLayers: studioLayersRoute,
  studioLabelPhotos: studioLabelPhotosRoute,
  studioEvaluations: studioEvaluationsRoute,
  studioEvaluationStart: studioEvaluationStartRoute,
  studioEvaluation: studioEvaluationRoute,
  studioEvaluationScores: studioEvaluationScoresRoute,
  studioEvaluationDelete: studioEvaluationDeleteRoute,
  studioEvents: studioEventsRoute,
  openapi: openApiRoute,
  docs: docsRoute,
  docsStyle: docsStyleRoute,
};
