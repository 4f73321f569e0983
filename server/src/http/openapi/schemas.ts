import { errorEnvelopeSchema } from '@swipenet/shared/contract/errors.ts';
import { modelAnswerSchema, reloadRequestSchema } from '@swipenet/shared/contract/model.ts';
import { pairAnswerSchema, pairingCodeAnswerSchema, pairRequestSchema } from '@swipenet/shared/contract/pair.ts';
import { scoreAnswerSchema, scoreFieldSchemas } from '@swipenet/shared/contract/score.ts';
import {
  healthAnswerSchema,
  liveAnswerSchema,
  readyAnswerSchema,
  statusAnswerSchema,
} from '@swipenet/shared/contract/status.ts';
import * as z from 'zod';

/** A JSON Schema (2020-12, the dialect of OpenAPI 3.1). */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The answers of the contract, by the name that they have in the document. */
export const answerSchemas = {
  ScoreAnswer: scoreAnswerSchema,
  ModelAnswer: modelAnswerSchema,
  PairAnswer: pairAnswerSchema,
  PairingCodeAnswer: pairingCodeAnswerSchema,
  StatusAnswer: statusAnswerSchema,
  HealthAnswer: healthAnswerSchema,
  LiveAnswer: liveAnswerSchema,
  ReadyAnswer: readyAnswerSchema,
  ErrorEnvelope: errorEnvelopeSchema,
} as const;

/** The name of an answer's schema. */
export type AnswerName = keyof typeof answerSchemas;

/** An answer's schema as JSON Schema. */
export const answerJsonSchema = (name: AnswerName): JsonSchema => toJsonSchema(answerSchemas[name], 'output');

/** The JSON bodies of the contract's requests, by the name that they have in the document. */
export const bodySchemas = { PairRequest: pairRequestSchema, ReloadRequest: reloadRequestSchema } as const;

/** The name of a body's schema. */
export type BodyName = keyof typeof bodySchemas;

/** A body's schema as JSON Schema. */
export const bodyJsonSchema = (name: BodyName): JsonSchema => toJsonSchema(bodySchemas[name], 'input');

/** A multipart field of the score request as JSON Schema: its text, before it is read as what it means. */
export const fieldJsonSchema = (name: keyof typeof scoreFieldSchemas): JsonSchema =>
  toJsonSchema(scoreFieldSchemas[name], 'input');

function toJsonSchema(schema: z.core.$ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, {
    io,
    // That a whole number is below 2^53 is true of every number in JSON here, and tells a reader nothing.
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return json;
}
