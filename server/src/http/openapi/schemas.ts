import { errorEnvelopeSchema } from '@swipenet/shared/contract/errors.ts';
import { modelAnswerSchema, modelListSchema, reloadRequestSchema } from '@swipenet/shared/contract/model.ts';
import {
  oipConfigSchema,
  oipErrorSchema,
  oipInferAnswerSchema,
  oipInferRequestSchema,
  oipModelSchema,
  oipReadySchema,
  oipServerSchema,
} from '@swipenet/shared/contract/oip.ts';
import {
  pairAnswerSchema,
  pairAskAnswerSchema,
  pairAskRequestSchema,
  pairClaimAnswerSchema,
  pairClaimRequestSchema,
  pairingCodeAnswerSchema,
  pairingCodeRequestSchema,
  pairRequestSchema,
} from '@swipenet/shared/contract/pair.ts';
import { proofAnswerSchema } from '@swipenet/shared/contract/proof.ts';
import { scoreAnswerSchema, scoreFieldSchemas } from '@swipenet/shared/contract/score.ts';
import {
  sessionAnswerSchema,
  sessionDecisionSchema,
  sessionLinkAnswerSchema,
  sessionPairingsAnswerSchema,
  sessionRequestSchema,
} from '@swipenet/shared/contract/session.ts';
import {
  healthAnswerSchema,
  liveAnswerSchema,
  readyAnswerSchema,
  statusAnswerSchema,
} from '@swipenet/shared/contract/status.ts';
import { studioDatasetsSchema } from '@swipenet/shared/contract/studio/datasets.ts';
import {
  evaluationAnswerSchema,
  evaluationChangedSchema,
  evaluationRequestSchema,
  studioEvaluationsSchema,
} from '@swipenet/shared/contract/studio/evaluations.ts';
import {
  importBegunSchema,
  importBuiltSchema,
  importProgressSchema,
} from '@swipenet/shared/contract/studio/imports.ts';
import { jobLogSchema, jobStopSchema, studioJobsSchema } from '@swipenet/shared/contract/studio/jobs.ts';
import { layerViewSchema } from '@swipenet/shared/contract/studio/layers.ts';
import { modelChangedSchema, studioModelsSchema } from '@swipenet/shared/contract/studio/models.ts';
import {
  datasetMadeSchema,
  datasetReviewsSchema,
  labelDraftSchema,
  newVersionSchema,
  photoDropsSchema,
  photoPairsSchema,
  photosFactsSchema,
  relabeledSchema,
} from '@swipenet/shared/contract/studio/photos.ts';
import { removalSchema, removedSchema } from '@swipenet/shared/contract/studio/removal.ts';
import { reportLinkSchema, runMetricsSchema, studioRunsSchema } from '@swipenet/shared/contract/studio/runs.ts';
import { studioTrainingSchema, trainingRequestSchema } from '@swipenet/shared/contract/studio/training.ts';
import {
  swipeAnswerSchema,
  swipeDeletedSchema,
  swipeListSchema,
  swipeRequestSchema,
} from '@swipenet/shared/contract/swipes.ts';
import {
  activatedSchema,
  activateRequestSchema,
  learningStartedSchema,
  tasteAnswerSchema,
  tasteDeletedSchema,
} from '@swipenet/shared/contract/taste.ts';
import * as z from 'zod';

/** A JSON Schema (2020-12, the dialect of OpenAPI 3.1). */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The responses of the contract, by their names in the document. */
export const answerSchemas = {
  ScoreAnswer: scoreAnswerSchema,
  ModelAnswer: modelAnswerSchema,
  ModelList: modelListSchema,
  PairAnswer: pairAnswerSchema,
  PairingCodeAnswer: pairingCodeAnswerSchema,
  PairAskAnswer: pairAskAnswerSchema,
  PairClaimAnswer: pairClaimAnswerSchema,
  SessionAnswer: sessionAnswerSchema,
  SessionLinkAnswer: sessionLinkAnswerSchema,
  SessionPairingsAnswer: sessionPairingsAnswerSchema,
  ProofAnswer: proofAnswerSchema,
  StatusAnswer: statusAnswerSchema,
  SwipeAnswer: swipeAnswerSchema,
  SwipeList: swipeListSchema,
  SwipeDeleted: swipeDeletedSchema,
  TasteAnswer: tasteAnswerSchema,
  TasteDeleted: tasteDeletedSchema,
  LearningStarted: learningStartedSchema,
  VersionActivated: activatedSchema,
  StudioDatasets: studioDatasetsSchema,
  StudioTraining: studioTrainingSchema,
  StudioJobs: studioJobsSchema,
  JobLog: jobLogSchema,
  StudioRuns: studioRunsSchema,
  Removal: removalSchema,
  Removed: removedSchema,
  RunMetrics: runMetricsSchema,
  ReportLink: reportLinkSchema,
  LayerView: layerViewSchema,
  PhotosFacts: photosFactsSchema,
  LabelDraft: labelDraftSchema,
  PhotoPairs: photoPairsSchema,
  DropsChanged: photoDropsSchema,
  Relabeled: relabeledSchema,
  DatasetMade: datasetMadeSchema,
  DatasetReviews: datasetReviewsSchema,
  ImportBegun: importBegunSchema,
  ImportProgress: importProgressSchema,
  ImportBuilt: importBuiltSchema,
  StudioModels: studioModelsSchema,
  ModelChanged: modelChangedSchema,
  StudioEvaluations: studioEvaluationsSchema,
  EvaluationAnswer: evaluationAnswerSchema,
  EvaluationChanged: evaluationChangedSchema,
  OipServer: oipServerSchema,
  OipModel: oipModelSchema,
  OipReady: oipReadySchema,
  OipConfig: oipConfigSchema,
  OipInferAnswer: oipInferAnswerSchema,
  OipError: oipErrorSchema,
  HealthAnswer: healthAnswerSchema,
  LiveAnswer: liveAnswerSchema,
  ReadyAnswer: readyAnswerSchema,
  ErrorEnvelope: errorEnvelopeSchema,
} as const;

export type AnswerName = keyof typeof answerSchemas;

/** Converts the schema of a response to JSON Schema. */
export const answerJsonSchema = (name: AnswerName): JsonSchema => toJsonSchema(answerSchemas[name], 'output');

/** The JSON bodies of requests, by their names in the document. */
export const bodySchemas = {
  PhotoDrops: photoDropsSchema,
  NewVersion: newVersionSchema,
  PairRequest: pairRequestSchema,
  PairingCodeRequest: pairingCodeRequestSchema,
  PairAskRequest: pairAskRequestSchema,
  PairClaimRequest: pairClaimRequestSchema,
  SessionRequest: sessionRequestSchema,
  SessionDecision: sessionDecisionSchema,
  ReloadRequest: reloadRequestSchema,
  SwipeRequest: swipeRequestSchema,
  ActivateRequest: activateRequestSchema,
  TrainingRequest: trainingRequestSchema,
  JobStop: jobStopSchema,
  EvaluationRequest: evaluationRequestSchema,
  OipInferRequest: oipInferRequestSchema,
} as const;

export type BodyName = keyof typeof bodySchemas;

/** Converts the schema of a request body to JSON Schema. */
export const bodyJsonSchema = (name: BodyName): JsonSchema => toJsonSchema(bodySchemas[name], 'input');

/** Converts a multipart field of the score request to JSON Schema. It describes the field's text, before parsing. */
export const fieldJsonSchema = (name: keyof typeof scoreFieldSchemas): JsonSchema =>
  toJsonSchema(scoreFieldSchemas[name], 'input');

function toJsonSchema(schema: z.core.$ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, {
    io,
    // Drops the bounds of safe integers, which apply to every whole number and tell the reader nothing.
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return json;
}
