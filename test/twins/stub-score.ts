import { labelOf } from '@swipenet/shared/confidence.ts';
import {
  type Priority,
  type ScoreAnswer,
  type ScoreField,
  scoreFieldSchemas,
} from '@swipenet/shared/contract/score.ts';
import { type DecisionRule, decide, withThreshold } from '@swipenet/shared/decision.ts';
import { EVIDENCE_SIDE } from '@swipenet/shared/photo.ts';
import { type PhotoMark, readPhotoMark } from './tinder/photo-mark.ts';

/** What a score request holds. */
export interface ReceivedScore {
  readonly marks: readonly (PhotoMark | undefined)[];
  readonly photoCount: number;
  readonly priority: Priority;
  readonly threshold: number | undefined;
  /** Whether a swipe of this profile is learned from. */
  readonly learn: boolean;
  /** Names of fields that the contract does not have. */
  readonly extraFields: readonly string[];
  /** Names and types of the photos' file parts, without repeats: neither may tell whose they are. */
  readonly fileNames: readonly string[];
  readonly fileTypes: readonly string[];
}

/** Reads a score request's form; throws for one that the contract does not allow, other than by a further field. */
export async function readScore(request: Request): Promise<ReceivedScore> {
  const form = await request.formData();
  const files = form.getAll('photo').filter((part) => part instanceof File);
  const field = <Field extends ScoreField>(name: Field) => {
    const text = form.get(name);
    return text === null ? undefined : scoreFieldSchemas[name].parse(text);
  };
  return {
    marks: await Promise.all(files.map(async (file) => readPhotoMark(await file.bytes()))),
    photoCount: (field('photoCount') as number | undefined) ?? files.length,
    priority: (field('priority') as Priority | undefined) ?? 'now',
    threshold: field('threshold') as number | undefined,
    learn: field('learn') === '1',
    extraFields: [...new Set(form.keys())].filter((name) => name !== 'photo' && !(name in scoreFieldSchemas)),
    fileNames: [...new Set(files.map(({ name }) => name))],
    fileTypes: [...new Set(files.map(({ type }) => type))],
  };
}

/** The contract's answer, with the likes that stand in the photos. */
export function scoreAnswer(
  { marks, photoCount, threshold: asked, learn }: ReceivedScore,
  ownRule: DecisionRule,
  requestId: string,
  withEvidence: boolean,
): ScoreAnswer {
  const rule = withThreshold(ownRule, asked);
  const { threshold } = rule;
  const likes = marks.map((mark) => mark?.like ?? null);
  return {
    requestId,
    ...(learn && { scoreId: requestId, ask: false }),
    model: 'stub',
    threshold,
    photos: likes.map((like, index) =>
      like === null
        ? { index, error: { code: 'photo_undecodable', message: 'the photo carries no mark of the twin' } }
        : { index, like, label: labelOf(like, threshold), ...(withEvidence && { evidence: evidenceOf(like) }) },
    ),
    decision: decide({ likes, photoCount, rule }),
    timings: { decodeMs: 0, inferenceMs: 0, totalMs: 0 },
  };
}

/** A hill in the middle, as high as the like. */
function evidenceOf(like: number): number[][] {
  const middle = (EVIDENCE_SIDE - 1) / 2;
  const side = Array.from({ length: EVIDENCE_SIDE }, (_, at) => at - middle);
  return side.map((y) => side.map((x) => (like - 0.5) * 6 * Math.exp(-(x * x + y * y) / 6)));
}
