import { resolve } from 'node:path';
import { PRECISIONS } from '@swipenet/shared/contract/model.ts';
import { DEFAULT_PORT } from '@swipenet/shared/contract/routes.ts';
import { scoreFieldSchemas } from '@swipenet/shared/contract/score.ts';
import { REQUIRED_AGREEMENT } from '@swipenet/shared/contract/swipes.ts';
import envPaths from 'env-paths';
import * as z from 'zod';
import { CommandError } from '../command-error.ts';
import { Home } from '../home/home.ts';
import type { DeviceChoice } from '../runtime/session.ts';
import { EMBEDDED_MODEL } from './embedded-model.ts';

/** pino's log levels, from everything to nothing. */
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const SWITCHED_ON = ['1', 'true', 'yes', 'on'];
const SWITCHED_OFF = ['', '0', 'false', 'no', 'off'];

const wholeNumber = z.string().regex(/^\d+$/).transform(Number);
const rate = wholeNumber.pipe(z.int().min(1).max(1_000_000));
const list = z.string().transform((text) => text.split(',').map((entry) => entry.trim()));
const switchable = z
  .union([z.boolean(), z.enum([...SWITCHED_ON, ...SWITCHED_OFF])])
  .transform((value) => value === true || SWITCHED_ON.includes(String(value)));

/** Returns true for the address of a server, perhaps with a path. A token belongs into a file and not in it. */
function isBaseUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null && /^https?:$/.test(url.protocol) && [url.username, url.password, url.search, url.hash].join('') === ''
  );
}

/**
 * Every setting, with its flag, its environment variable, its help text, the expected value in words, and its schema,
 * which also has the default. A flag overrides its variable.
 */
export const settings = {
  home: {
    flag: '--home <folder>',
    variable: 'SWIPENET_HOME',
    help: 'home folder with the access token, paired devices and your models (default: the platform’s data folder)',
    expected: 'a folder',
    schema: z
      .string()
      .min(1)
      .default(() => envPaths('swipenet', { suffix: '' }).data)
      .transform((folder) => new Home(resolve(folder))),
  },
  host: {
    flag: '--host <address>',
    variable: 'SWIPENET_HOST',
    help: 'address to listen on (default: 127.0.0.1)',
    expected: 'an address or a host name',
    schema: z.string().min(1).default('127.0.0.1'),
  },
  port: {
    flag: '--port <number>',
    variable: 'SWIPENET_PORT',
    help: `port to listen on; 0 picks a free one (default: ${DEFAULT_PORT})`,
    expected: 'a port from 0 to 65535',
    schema: wholeNumber.pipe(z.int().max(65_535)).default(DEFAULT_PORT),
  },
  insecureBind: {
    flag: '--insecure-bind',
    variable: 'SWIPENET_INSECURE_BIND',
    help: 'allow an address other than loopback without TLS; anyone on the network can then read tokens and photos',
    expected: '1 or 0',
    schema: switchable.default(false),
  },
  allowHost: {
    flag: '--allow-host <names>',
    variable: 'SWIPENET_ALLOW_HOST',
    help: 'additional host names for the server, separated by commas (default: none)',
    expected: 'host names without ports, separated by commas',
    schema: list.pipe(z.array(z.string().regex(/^[\w.-]+$|^\[?[\da-f:.]+\]?$/i))).default([]),
  },
  trustedProxy: {
    flag: '--trusted-proxy <addresses>',
    variable: 'SWIPENET_TRUSTED_PROXY',
    help: 'proxies whose X-Forwarded-For header to trust: addresses or networks, separated by commas (default: none)',
    expected: 'addresses or networks such as 10.0.0.0/8, separated by commas',
    schema: list.pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))).default([]),
  },
  tlsCert: {
    flag: '--tls-cert <file>',
    variable: 'SWIPENET_TLS_CERT',
    help: 'certificate file (PEM) followed by its chain; turns on HTTPS',
    expected: 'a file',
    schema: z.string().min(1).optional(),
  },
  tlsKey: {
    flag: '--tls-key <file>',
    variable: 'SWIPENET_TLS_KEY',
    help: 'private key file (PEM) of the certificate',
    expected: 'a file',
    schema: z.string().min(1).optional(),
  },
  rateLimit: {
    flag: '--rate-limit <number>',
    variable: 'SWIPENET_RATE_LIMIT',
    help: 'requests per second for each token (default: 20)',
    expected: 'a whole number from 1 to 1000000',
    schema: rate.default(20),
  },
  rateBurst: {
    flag: '--rate-burst <number>',
    variable: 'SWIPENET_RATE_BURST',
    help: 'requests at once for each token (default: 100)',
    expected: 'a whole number from 1 to 1000000',
    schema: rate.default(100),
  },
  model: {
    flag: '--model <id>',
    variable: 'SWIPENET_MODEL',
    help: `model to use (default: the active one, or ${EMBEDDED_MODEL.id}, which comes with Swipenet)`,
    expected: 'a model ID',
    schema: z.string().min(1).optional(),
  },
  allowModelChange: {
    flag: '--allow-model-change',
    variable: 'SWIPENET_ALLOW_MODEL_CHANGE',
    help: 'let paired devices activate models; without it, they can only list them',
    expected: '1 or 0',
    schema: switchable.default(false),
  },
  precision: {
    flag: '--precision <precision>',
    variable: 'SWIPENET_PRECISION',
    help: 'fp32, int8 (CPU only), fp16 (CUDA only), or auto: int8 on the CPU if the model has a faithful int8 form (default: auto)',
    expected: 'fp32, fp16, int8 or auto',
    schema: z.enum([...PRECISIONS, 'auto']).default('auto'),
  },
  threshold: {
    flag: '--threshold <fraction>',
    variable: 'SWIPENET_THRESHOLD',
    help: 'minimum confidence for a LIKE, or minimum probability of a profile, 0 to 1 (default: the model’s own, or 0.4)',
    expected: 'a number from 0 to 1',
    schema: z.string().pipe(scoreFieldSchemas.threshold).optional(),
  },
  cachePhotos: {
    flag: '--cache-photos <number>',
    variable: 'SWIPENET_CACHE_PHOTOS',
    help: 'how many photos’ results to keep in memory; 0 turns the cache off (default: 10000)',
    expected: 'a whole number up to 1000000',
    schema: wholeNumber.pipe(z.int().max(1_000_000)).default(10_000),
  },
  device: {
    flag: '--device <device>',
    variable: 'SWIPENET_DEVICE',
    help: 'cpu, cuda:N, or auto: CUDA if it works, otherwise the CPU (default: auto)',
    expected: 'cpu, cuda:N or auto',
    schema: z
      .string()
      .regex(/^(cpu|auto|cuda:\d{1,2})$/)
      .transform((device) => device as DeviceChoice)
      .default('auto'),
  },
  tf32: {
    flag: '--tf32',
    variable: 'SWIPENET_TF32',
    help: 'let a GPU compute with TF32, which is faster and changes results in the third digit',
    expected: '1 or 0',
    schema: switchable.default(false),
  },
  gpuEngines: {
    flag: '--gpu-engines <count>',
    variable: 'SWIPENET_GPU_ENGINES',
    help: 'engine processes that share a GPU (default: 1)',
    expected: 'a whole number from 1 to 16',
    schema: wholeNumber.pipe(z.int().min(1).max(16)).optional(),
  },
  gpuBatchSizes: {
    flag: '--gpu-batch-sizes <sizes>',
    variable: 'SWIPENET_GPU_BATCH_SIZES',
    help: 'batch sizes on a GPU, separated by commas; each has a session of its own (default: 32)',
    expected: 'up to four whole numbers from 1 to 256, separated by commas',
    schema: list
      .pipe(z.array(wholeNumber.pipe(z.int().min(1).max(256))).max(4))
      .transform((sizes) => [...new Set(sizes)].toSorted((one, other) => one - other))
      .optional(),
  },
  engine: {
    flag: '--engine <engine>',
    variable: 'SWIPENET_ENGINE',
    help: 'local runs the model on this machine, oip on others that speak the Open Inference Protocol (default: local)',
    expected: 'local or oip',
    schema: z.enum(['local', 'oip']).default('local'),
  },
  engineUrl: {
    flag: '--engine-url <url...>',
    variable: 'SWIPENET_ENGINE_URL',
    help: 'with --engine oip: address of each machine that runs the model, separated by commas in the variable',
    expected: 'up to 32 different addresses that start with https:// or http://, without a password or a query',
    schema: z
      .union([list, z.array(z.string())])
      .pipe(z.array(z.string().refine(isBaseUrl)).min(1).max(32))
      .refine((urls) => new Set(urls).size === urls.length)
      .optional(),
  },
  engineInsecure: {
    flag: '--engine-insecure',
    variable: 'SWIPENET_ENGINE_INSECURE',
    help: 'allow --engine-url without TLS beyond this machine; anyone on the network can then read photos and the token',
    expected: '1 or 0',
    schema: switchable.default(false),
  },
  engineTokenFile: {
    flag: '--engine-token-file <file>',
    variable: 'SWIPENET_ENGINE_TOKEN_FILE',
    help: 'file with the token for --engine-url, such as that of another Swipenet server',
    expected: 'a file',
    schema: z.string().min(1).optional(),
  },
  offerBase: {
    flag: '--offer-base',
    variable: 'SWIPENET_OFFER_BASE',
    help: 'also run base, for servers in front of this one that use it with what they learned from swipes',
    expected: '1 or 0',
    schema: switchable.default(false),
  },
  tasteLearnEvery: {
    flag: '--taste-learn-every <count>',
    variable: 'SWIPENET_TASTE_LEARN_EVERY',
    help: 'after how many new swipes to learn a version (default: 10)',
    expected: 'a whole number from 1 to 1000',
    schema: wholeNumber.pipe(z.int().min(1).max(1_000)).default(10),
  },
  tasteAgreement: {
    flag: '--taste-agreement <fraction>',
    variable: 'SWIPENET_TASTE_AGREEMENT',
    help: `lower bound of agreement from which a version may swipe, ${REQUIRED_AGREEMENT.min} to ${REQUIRED_AGREEMENT.max} (default: ${REQUIRED_AGREEMENT.default})`,
    expected: `a number from ${REQUIRED_AGREEMENT.min} to ${REQUIRED_AGREEMENT.max}`,
    schema: z
      .string()
      .pipe(scoreFieldSchemas.threshold)
      .pipe(z.number().min(REQUIRED_AGREEMENT.min).max(REQUIRED_AGREEMENT.max))
      .default(REQUIRED_AGREEMENT.default),
  },
  tasteKeepPhotos: {
    flag: '--taste-keep-photos',
    variable: 'SWIPENET_TASTE_KEEP_PHOTOS',
    help: 'keep a gray copy (256 × 256) of swiped photos, so that they can be learned from again with a newer network',
    expected: '1 or 0',
    schema: switchable.default(false),
  },
  logLevel: {
    flag: '--log-level <level>',
    variable: 'SWIPENET_LOG_LEVEL',
    help: `lowest log level to print on standard error: ${LOG_LEVELS.join(', ')} (default: info)`,
    expected: `one of ${LOG_LEVELS.join(', ')}`,
    schema: z.enum(LOG_LEVELS).default('info'),
  },
  metricsOpen: {
    flag: '--metrics-open',
    variable: 'SWIPENET_METRICS_OPEN',
    help: 'serve GET /metrics without a token',
    expected: '1 or 0',
    schema: switchable.default(false),
  },
} as const satisfies Record<string, Setting>;

interface Setting {
  readonly flag: string;
  readonly variable: `SWIPENET_${string}`;
  readonly help: string;
  readonly expected: string;
  readonly schema: z.ZodType;
}

export type SettingName = keyof typeof settings;

export type Settings<Name extends SettingName> = { readonly [Key in Name]: z.output<(typeof settings)[Key]['schema']> };

/**
 * Reads the settings of a command from its flags, then the environment, then the defaults.
 *
 * @param flags the flags from the command line, by setting.
 * @throws CommandError `option_invalid`, naming the flag, its variable, the expected value and the value it got.
 */
export function readSettings<Name extends SettingName>(
  names: readonly Name[],
  flags: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Settings<Name> {
  const entries = names.map((name) => {
    const { flag, variable, expected, schema }: Setting = settings[name];
    const value = flags[name] ?? environment[variable];
    const parsed = schema.safeParse(value);
    if (!parsed.success) {
      const message = `${flag.split(' ')[0]} (or ${variable}) must be ${expected}, got ${JSON.stringify(value)}`;
      throw new CommandError('option_invalid', message);
    }
    return [name, parsed.data];
  });
  return Object.fromEntries(entries);
}
