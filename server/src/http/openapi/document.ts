import { type ErrorCode, errorDefinition } from '@swipenet/shared/contract/errors.ts';
import {
  CONTRACT_VERSION,
  hasOipErrors,
  ROUTES,
  type RouteName,
  takesSession,
} from '@swipenet/shared/contract/routes.ts';
import { SCORE_LIMITS, type ScoreField } from '@swipenet/shared/contract/score.ts';
import { SESSION_HEADER } from '@swipenet/shared/contract/session.ts';
import { RESIZE_MODES } from '@swipenet/shared/photo.ts';
import { PREPARED_BYTES, preparedType } from '@swipenet/shared/prepared-photo.ts';
import { swipeRequestExample } from './examples.ts';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';
import { parameters } from './parameters.ts';
import {
  type AnswerName,
  answerJsonSchema,
  answerSchemas,
  type BodyName,
  bodyJsonSchema,
  bodySchemas,
  fieldJsonSchema,
  type JsonSchema,
} from './schemas.ts';

/** The content of a response or a body: its media types, each with a schema and an example. */
export interface OpenApiContent {
  readonly [mediaType: string]: {
    readonly schema: JsonSchema;
    readonly example?: unknown;
    readonly encoding?: unknown;
  };
}

export interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly JsonSchema[];
  readonly parameters: readonly JsonSchema[];
  readonly requestBody?: { readonly required: true; readonly content: OpenApiContent };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly headers: JsonSchema; readonly content: OpenApiContent }>
  >;
}

/** The parts of an OpenAPI 3.1 document that this project uses. */
export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: Readonly<Record<'title' | 'version' | 'summary' | 'description', string>>;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
}

/** Builds an OpenAPI 3.1 document of the whole HTTP API from the contract's routes, schemas and error codes. */
export function openApiDocument(): OpenApiDocument {
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    const { method, path } = ROUTES[name];
    const template = pathTemplate(path);
    paths[template] = { ...paths[template], [method.toLowerCase()]: describe(name, operations[name]) };
  }
  const schemas = [
    ...Object.keys(answerSchemas).map((name) => [name, answerJsonSchema(name as AnswerName)] as const),
    ...Object.keys(bodySchemas).map((name) => [name, bodyJsonSchema(name as BodyName)] as const),
  ];
  return {
    openapi: '3.1.1',
    info: {
      title: 'Swipenet',
      version: String(CONTRACT_VERSION),
      summary: 'Scores the photos of dating profiles and decides how to swipe.',
      description: 'docs/failure-modes.md explains every error code.',
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: Object.fromEntries(schemas),
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description:
            'The local token, which is the only line of the file `token` in the home folder, or the token of a paired device.',
        },
        localToken: {
          type: 'http',
          scheme: 'bearer',
          description:
            'The only line of the file `token` in the home folder. Works only from the server’s own machine.',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'swipenet-PORT',
          description: 'The cookie of a session of the start page. Works only from the server’s own machine.',
        },
        sessionKey: {
          type: 'apiKey',
          in: 'header',
          name: SESSION_HEADER,
          description: 'The key of the same session. The cookie alone is never enough.',
        },
      },
      parameters: {
        requestId: {
          name: 'X-Request-Id',
          in: 'header',
          description: 'An ID of your own for the response and the log. Without a valid one, the server creates an ID.',
          schema: { type: 'string', pattern: '^[\\w=-]{1,64}$' },
        },
      },
      headers: {
        requestId: { description: 'The request ID.', schema: { type: 'string' } },
        retryAfter: { description: 'Seconds to wait before retrying.', schema: { type: 'integer' } },
      },
    },
  };
}

/** Returns a route's path as OpenAPI writes it: `/v1/swipes/{id}` for `/v1/swipes/:id`. */
export const pathTemplate = (path: string): string => path.replace(/:(\w+)(?:\{[^}]*\})?/g, '{$1}');

const ref = (group: string, name: string): JsonSchema => ({ $ref: `#/components/${group}/${name}` });

const REQUEST_ID = { 'X-Request-Id': ref('headers', 'requestId') };

/** The error codes of the checks that run before the route: host, origin, token or session, and rate limit. */
const accessCodes = (name: RouteName, { token } = ROUTES[name]): ErrorCode[] => [
  'host_refused',
  'origin_refused',
  'rate_limited',
  ...(token === true || token === 'local' ? (['token_missing', 'token_invalid'] as const) : []),
  ...(token ? (['devices_unavailable'] as const) : []),
  ...(token === 'local' ? (['loopback_only'] as const) : []),
  ...(token === 'session' || takesSession(name)
    ? (['loopback_only', 'session_missing', 'session_invalid'] as const)
    : []),
];

/** The error code of a check that runs before the route if it takes a body. */
const bodyCodes = (takes: Operation['takes']): ErrorCode[] => (takes ? ['body_encoded'] : []);

function securityOf(name: RouteName): readonly JsonSchema[] {
  const { token } = ROUTES[name];
  if (name === 'metrics') return [{ token: [] }, {}];
  const session = { session: [], sessionKey: [] };
  if (token === 'session') return [session];
  if (!token) return [];
  return [{ [token === 'local' ? 'localToken' : 'token']: [] }, ...(takesSession(name) ? [session] : [])];
}

function bodyOf(takes: NonNullable<Operation['takes']>): OpenApiContent {
  if (takes === 'photos') {
    const example = { photo: ['(bytes of 1.jpg)', '(bytes of 2.jpg)'], threshold: '0.4', priority: 'now' };
    return { 'multipart/form-data': { ...photoForm(scoreFields()), example } };
  }
  if (takes === 'swipe') {
    const { scoreId: _score, ...fields } = bodyJsonSchema('SwipeRequest').properties as Record<string, JsonSchema>;
    return {
      'application/json': { schema: ref('schemas', 'SwipeRequest'), example: swipeRequestExample },
      'multipart/form-data': photoForm(fields, ['swipe', 'site', 'profile', 'verdict']),
    };
  }
  return { 'application/json': { schema: ref('schemas', takes.schema), example: takes.example } };
}

function describe(
  name: RouteName,
  { summary, description, answer, codes, takes, parameters: own = [] }: Operation,
): OpenApiOperation {
  const schema =
    'schema' in answer ? ref('schemas', answer.schema) : { type: name === 'openapi' ? 'object' : 'string' };
  const allCodes = [...new Set([...accessCodes(name), ...bodyCodes(takes), ...codes, 'internal' as const])];
  return {
    operationId: name,
    summary,
    ...(description && { description }),
    security: securityOf(name),
    parameters: [
      ref('parameters', 'requestId'),
      ...own.map((parameter) => ({ name: parameter, ...parameters[parameter] })),
    ],
    ...(takes && { requestBody: { required: true, content: bodyOf(takes) } }),
    responses: {
      200: {
        description: summary,
        headers: REQUEST_ID,
        content: {
          [answer.type]: { schema, ...(answer.example !== undefined && { example: answer.example }) },
        },
      },
      ...errorResponses(allCodes, hasOipErrors(ROUTES[name].path)),
    },
  };
}

const FIELD_DESCRIPTIONS: Record<ScoreField, string> = {
  threshold:
    'Minimum confidence for a LIKE, 0 to 1. Under the rule `profile`, the minimum probability of the profile. The default is the server’s own.',
  photoCount: 'How many photos the profile has, sent or not. The default is the number of photos sent.',
  priority: '`ahead` is for photos that nobody is waiting for yet; they are scored after all `now` photos.',
  learn: '`1` keeps what can be learned from until the person swipes, and returns a `scoreId` for `POST /v1/swipes`.',
};

const scoreFields = (): Record<string, JsonSchema> =>
  Object.fromEntries(
    Object.entries(FIELD_DESCRIPTIONS).map(([field, description]) => [
      field,
      { ...fieldJsonSchema(field as ScoreField), description },
    ]),
  );

/** The content types of a photo's part. A prepared photo can also be compressed. */
const PHOTO_TYPES = [
  ...['image/jpeg', 'image/png', 'image/webp', 'image/avif'],
  ...RESIZE_MODES.flatMap((resize) => [false, true].map((gzip) => preparedType({ resize, gzip }))),
];

/** Describes a form with photos and text fields. */
function photoForm(
  fields: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = [],
): OpenApiContent[string] {
  const { maxPhotos, maxPhotoBytes } = SCORE_LIMITS;
  return {
    schema: {
      type: 'object',
      required: ['photo', ...required],
      additionalProperties: false,
      properties: {
        photo: {
          type: 'array',
          minItems: 1,
          maxItems: maxPhotos,
          description: [
            `One file part per photo, in order, up to ${maxPhotoBytes} bytes each.`,
            `A client can also prepare a photo: ${PREPARED_BYTES} gray levels, as docs/server.md describes.`,
            'Its content type then says how, and the resize mode must be that of `GET /v1/model`.',
          ].join(' '),
          items: { type: 'string', contentMediaType: 'application/octet-stream' },
        },
        ...fields,
      },
    },
    encoding: { photo: { contentType: PHOTO_TYPES.join(', ') } },
  };
}

/** Builds one response per status, with its codes and an example of each. */
function errorResponses(codes: readonly ErrorCode[], isOip: boolean): OpenApiOperation['responses'] {
  const byStatus = Map.groupBy(codes, (code) => errorDefinition(code).status ?? 500);
  const responses = [...byStatus].map(([status, ofStatus]) => {
    const retryable = ofStatus.some((code) => errorDefinition(code).retryAfterS);
    const narrowed = { properties: { error: { properties: { code: { enum: ofStatus } } } } };
    const examples = ofStatus.map((code) => [
      code,
      {
        value: isOip
          ? { error: 'a description of the error' }
          : { error: { code, message: 'a description of the error', requestId: '5f0c6f0e' } },
      },
    ]);
    const envelope = { allOf: [ref('schemas', 'ErrorEnvelope'), narrowed] };
    return [
      status,
      {
        description: ofStatus.map((code) => `\`${code}\``).join(', '),
        headers: { ...REQUEST_ID, ...(retryable && { 'Retry-After': ref('headers', 'retryAfter') }) },
        content: {
          'application/json': {
            schema: isOip ? ref('schemas', 'OipError') : envelope,
            examples: Object.fromEntries(examples),
          },
        },
      },
    ];
  });
  return Object.fromEntries(responses);
}
