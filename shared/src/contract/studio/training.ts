import * as z from 'zod/mini';

/** How to train: the whole network, a head on its features, or whichever suits the number of labels. */
export const TRAINING_MODES = ['auto', 'full', 'head'] as const;

export type TrainingModeChoice = (typeof TRAINING_MODES)[number];

/** A hyperparameter, as a form shows it. */
export const trainingFieldSchema = z.object({
  name: z.string(),
  /** Its flag without the value, such as `--batch-size`. Messages about it begin with this. */
  flag: z.string(),
  help: z.string(),
  kind: z.enum(['number', 'text', 'choice', 'switch']),
  /** The value if it is left alone: text, or false for a switch, whose flag turns something off. Null if it depends. */
  value: z.nullable(z.union([z.string(), z.boolean()])),
  /** The default in words, if it depends on how training starts. */
  words: z.nullable(z.string()),
  /** True if it only applies to training the whole network. */
  fullOnly: z.boolean(),
  choices: z.nullable(z.array(z.string())),
  least: z.nullable(z.number()),
  most: z.nullable(z.number()),
  isWhole: z.boolean(),
});

export type TrainingField = z.infer<typeof trainingFieldSchema>;

/** Values of hyperparameters by name, as a form has them. Those that are left out have their defaults. */
const valuesSchema = z.record(z.string(), z.union([z.string().check(z.maxLength(200)), z.boolean()]));

export type TrainingValues = z.infer<typeof valuesSchema>;

/** What to train: the body of `POST /v1/studio/jobs`. */
export const trainingRequestSchema = z.object({
  /** The ID of a dataset. */
  dataset: z.string().check(z.maxLength(100)),
  /** The ID of the new model, and the name of its run. */
  name: z.string().check(z.maxLength(64)),
  mode: z.enum(TRAINING_MODES),
  /** What the threshold is chosen for if labels are of whole profiles, such as `precision=0.8`. Null for the default. */
  target: z.nullable(z.string().check(z.maxLength(100))),
  values: valuesSchema,
});

export type TrainingRequest = z.infer<typeof trainingRequestSchema>;

/** The response of `GET /v1/studio/training`: what a form for training consists of. */
export const studioTrainingSchema = z.object({
  fields: z.array(trainingFieldSchema),
  presets: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      /** One line about what it is for. */
      help: z.string(),
      mode: z.enum(TRAINING_MODES),
      target: z.nullable(z.string()),
      values: valuesSchema,
    }),
  ),
});

export type StudioTraining = z.infer<typeof studioTrainingSchema>;
