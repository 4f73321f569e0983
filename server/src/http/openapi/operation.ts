import type { ErrorCode } from '@swipenet/shared/contract/errors.ts';
import type { ParameterName } from './parameters.ts';
import type { AnswerName, BodyName } from './schemas.ts';

/** The description of one route. */
export interface Operation {
  readonly summary: string;
  readonly description?: string;
  readonly answer:
    | { readonly type: 'application/json'; readonly schema: AnswerName; readonly example: unknown }
    | { readonly type: string; readonly example?: string };
  /** Every error code of the route, besides `internal` and those of the access checks. */
  readonly codes: readonly ErrorCode[];
  /** The request body: the form with photos, that of a swipe (which is JSON without photos), or JSON. */
  readonly takes?: 'photos' | 'swipe' | { readonly schema: BodyName; readonly example: unknown };
  /** The names of its parameters in the query and the path. */
  readonly parameters?: readonly ParameterName[];
}

/** Describes a JSON response. */
export const json = <Name extends AnswerName>(schema: Name, example: unknown) =>
  ({ type: 'application/json', schema, example }) as const;
