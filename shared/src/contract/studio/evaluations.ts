import * as z from 'zod/mini';
import { decisionRuleSchema } from '../../decision-schemas.ts';
import { fractionSchema } from '../../fraction.ts';
import type { RankedScores } from '../../ranked-scores.ts';
import { PARTS } from './datasets.ts';

const countSchema = z.int().check(z.gte(0));

/** What to evaluate: a model on a part of a dataset. The body of `POST /v1/studio/evaluations`. */
export const evaluationRequestSchema = z.object({
  /** The ID of the model. */
  model: z.string(),
  /** The ID of the dataset. */
  dataset: z.string(),
  part: z.enum(PARTS),
});

export type EvaluationRequest = z.infer<typeof evaluationRequestSchema>;

/** What was evaluated. The model and the dataset may be gone since. */
export const evaluationSubjectSchema = z.object({
  /** The model's ID, and the SHA-256 of its file in hex. */
  model: z.object({ id: z.string(), sha256: z.string() }),
  dataset: z.object({ id: z.string(), name: z.string() }),
  part: z.enum(PARTS),
  /** How the model decides profiles, and its threshold. */
  rule: decisionRuleSchema,
});

export type EvaluationSubject = z.infer<typeof evaluationSubjectSchema>;

const reliabilityBinSchema = z.object({
  from: fractionSchema,
  to: fractionSchema,
  count: countSchema,
  /** The mean LIKE confidence, or 0 if the bin is empty. */
  confidence: fractionSchema,
  /** The fraction that is LIKE, or 0 if the bin is empty. */
  likeShare: fractionSchema,
});

export type ReliabilityRow = z.infer<typeof reliabilityBinSchema>;

const rocPointSchema = z.object({
  /** The smallest confidence that counts as LIKE. Null if none does. */
  threshold: z.nullable(fractionSchema),
  likesFound: fractionSchema,
  nopesLiked: fractionSchema,
});

/** Figures of photos or of profiles that don't depend on a threshold. */
export const evaluationFiguresSchema = z.object({
  count: countSchema,
  /** The number of them that are labeled LIKE. */
  likes: countSchema,
  /** The area under the ROC curve, or null if one label has none. */
  auc: z.nullable(z.number()),
  /** The expected calibration error. */
  ece: z.number(),
  /** The mean negative log-likelihood, in nats. */
  meanLoss: z.number(),
  reliability: z.array(reliabilityBinSchema),
  roc: z.array(rocPointSchema),
});

export type EvaluationFigures = z.infer<typeof evaluationFiguresSchema>;

/** What is known about an evaluation when all photos are scored. */
export const evaluationResultSchema = z.object({
  /** A warning if the dataset was built in another resize mode than the model has. */
  note: z.nullable(z.string()),
  /** The number of these photos that the model was trained on. Null if it doesn't record that. */
  trainedOn: z.nullable(countSchema),
  photos: evaluationFiguresSchema,
  /** Profiles by the confidence that decides, under the model's rule. */
  profiles: evaluationFiguresSchema,
});

export type EvaluationResult = z.infer<typeof evaluationResultSchema>;

/** An evaluation: what a list shows of it. */
export const studioEvaluationSchema = z.object({
  id: z.string(),
  /** Null if its files are damaged. */
  subject: z.nullable(evaluationSubjectSchema),
  /** `killed`: its process ended before all photos were scored, for example because memory ran out. */
  state: z.enum(['waiting', 'running', 'done', 'failed', 'killed', 'damaged']),
  /** The number of scored photos, and of all of them. 0 until they are counted. */
  scored: countSchema,
  photos: countSchema,
  /** What went wrong, or null. */
  message: z.nullable(z.string()),
  /** The AUC of photos and of profiles, once it is done. */
  auc: z.nullable(z.object({ photos: z.nullable(z.number()), profiles: z.nullable(z.number()) })),
});

export type StudioEvaluation = z.infer<typeof studioEvaluationSchema>;

/** The response of `GET /v1/studio/evaluations`, sorted by model, dataset and part. */
export const studioEvaluationsSchema = z.object({ evaluations: z.array(studioEvaluationSchema) });

export type StudioEvaluations = z.infer<typeof studioEvaluationsSchema>;

/** The response of `GET /v1/studio/evaluations/:evaluation`. */
export const evaluationAnswerSchema = z.object({
  id: z.string(),
  subject: evaluationSubjectSchema,
  result: evaluationResultSchema,
  /** Whether the model and the dataset still exist. */
  exists: z.object({ model: z.boolean(), dataset: z.boolean() }),
});

export type EvaluationAnswer = z.infer<typeof evaluationAnswerSchema>;

/** The response of a change: the evaluation that was started or deleted. */
export const evaluationChangedSchema = z.object({ id: z.string() });

export type EvaluationChanged = z.infer<typeof evaluationChangedSchema>;

/** The scores of an evaluation: every photo, and every profile under the model's rule. */
export interface EvaluationScores {
  /** `profiles`: the number of each photo's profile, `[N]`. */
  readonly photos: RankedScores & { readonly profiles: Uint32Array };
  readonly profiles: RankedScores;
}

type Counted = Readonly<Record<'photos' | 'profiles', Pick<EvaluationFigures, 'count' | 'likes'>>>;

/** The size of the scores in bytes. Each number has four. */
export const scoresSize = ({ photos, profiles }: Counted): number => 4 * (3 * photos.count + 2 * profiles.count);

/**
 * Reads the response of `GET /v1/studio/evaluations/:evaluation/scores`: little-endian, the photos' numbers, profiles
 * and confidences, then the profiles' numbers and confidences. Doesn't copy. Throws RangeError if it has another size.
 */
export function readScores(bytes: ArrayBuffer, counted: Counted): EvaluationScores {
  if (bytes.byteLength !== scoresSize(counted)) throw new RangeError(`the scores have ${bytes.byteLength} bytes`);
  const { photos, profiles } = counted;
  let at = 0;
  const next = <Column>(make: new (bytes: ArrayBuffer, from: number, count: number) => Column, count: number) => {
    const column = new make(bytes, at, count);
    at += 4 * count;
    return column;
  };
  return {
    photos: {
      numbers: next(Uint32Array, photos.count),
      profiles: next(Uint32Array, photos.count),
      likes: next(Float32Array, photos.count),
      likeCount: photos.likes,
    },
    profiles: {
      numbers: next(Uint32Array, profiles.count),
      likes: next(Float32Array, profiles.count),
      likeCount: profiles.likes,
    },
  };
}

/** Writes what {@link readScores} reads. */
export function writeScores({ photos, profiles }: EvaluationScores): Uint8Array<ArrayBuffer> {
  const columns = [photos.numbers, photos.profiles, photos.likes, profiles.numbers, profiles.likes];
  const bytes = new Uint8Array(columns.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of columns) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}
