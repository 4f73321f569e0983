import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import {
  type EvaluationResult,
  type EvaluationSubject,
  evaluationResultSchema,
  evaluationSubjectSchema,
  scoresSize,
  writeScores,
} from '@swipenet/shared/contract/studio/evaluations.ts';
import * as z from 'zod';
import { CommandError } from '../../command-error.ts';
import { diskReason } from '../../files/disk-reason.ts';
import { writeWhole } from '../../files/write-whole.ts';
import type { Evaluated } from './evaluator.ts';

/** The files in an evaluation's folder. Without `result.json`, it isn't done. */
const FILES = { subject: 'subject.json', result: 'result.json', scores: 'scores.bin' } as const;

const subjectFileSchema = z.strictObject({ format: z.literal(1), subject: evaluationSubjectSchema });
const resultFileSchema = z.strictObject({ format: z.literal(1), result: evaluationResultSchema });

/** What an evaluation's folder says. */
export interface StoredEvaluation {
  readonly subject: EvaluationSubject;
  /** Undefined if not all photos were scored. */
  readonly result: EvaluationResult | undefined;
}

/** Writes what will be evaluated, and removes an earlier result. Throws CommandError `home_unusable`. */
export async function writeSubject(folder: string, subject: EvaluationSubject): Promise<void> {
  await inHome(folder, async () => {
    const made = await mkdir(folder, { recursive: true });
    await writeWhole(join(folder, FILES.subject), `${JSON.stringify({ format: 1, subject })}\n`).catch(
      async (error) => {
        if (made !== undefined) await rm(folder, { recursive: true, force: true });
        throw error;
      },
    );
    for (const name of [FILES.result, FILES.scores]) await rm(join(folder, name), { force: true });
  });
}

/** Writes an evaluation's result, the scores before the file that marks it as done. Throws CommandError `home_unusable`. */
export async function writeEvaluated(folder: string, { result, scores }: Evaluated): Promise<void> {
  await inHome(folder, async () => {
    await writeWhole(join(folder, FILES.scores), writeScores(scores));
    await writeWhole(join(folder, FILES.result), `${JSON.stringify({ format: 1, result })}\n`);
  });
}

/** Reads an evaluation. Returns undefined if it is damaged. */
export async function readEvaluation(folder: string): Promise<StoredEvaluation | undefined> {
  const subject = subjectFileSchema.safeParse(await jsonIn(folder, FILES.subject));
  const text = await jsonIn(folder, FILES.result);
  const result = resultFileSchema.safeParse(text);
  if (!subject.success || (text !== undefined && !result.success)) return undefined;
  return { subject: subject.data.subject, result: result.data?.result };
}

/** Reads the scores of an evaluation. Returns undefined if they are damaged. */
export async function readScoreBytes(folder: string, result: EvaluationResult): Promise<Buffer | undefined> {
  const bytes = await readFile(join(folder, FILES.scores)).catch(() => undefined);
  return bytes?.length === scoresSize(result) ? bytes : undefined;
}

/** Deletes an evaluation. Throws CommandError `home_unusable`. */
export async function deleteEvaluation(folder: string): Promise<void> {
  await inHome(folder, () => rm(folder, { recursive: true, force: true }));
}

/** Returns undefined for a file that isn't there, and null for one that isn't JSON. */
async function jsonIn(folder: string, name: string): Promise<unknown> {
  const text = await readFile(join(folder, name), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function inHome(folder: string, work: () => Promise<void>): Promise<void> {
  await work().catch((cause: unknown) => {
    const code = systemCodeOf(cause);
    if (code === undefined) throw cause;
    throw new CommandError('home_unusable', `can’t write to ${folder} (${diskReason(cause)})`, { cause });
  });
}
