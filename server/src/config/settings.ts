import { resolve } from 'node:path';
import { PRECISIONS } from '@swipenet/shared/contract/model.ts';
import { DEFAULT_PORT } from '@swipenet/shared/contract/routes.ts';
import { scoreFieldSchemas } from '@swipenet/shared/contract/score.ts';
import envPaths from 'env-paths';
import * as z from 'zod';
import { CommandError } from '../command-error.ts';
import { Home } from '../home/home.ts';
import type { DeviceChoice } from '../runtime/session.ts';
import { EMBEDDED_MODEL } from './embedded-model.ts';

/** How much is logged, from all to nothing: pino's levels. */
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const SWITCHED_ON = ['1', 'true', 'yes', 'on'];
const SWITCHED_OFF = ['', '0', 'false', 'no', 'off'];

const wholeNumber = z.string().regex(/^\d+$/).transform(Number);
const rate = wholeNumber.pipe(z.int().min(1).max(1_000_000));
const list = z.string().transform((text) => text.split(',').map((entry) => entry.trim()));
const switchable = z
  .union([z.boolean(), z.enum([...SWITCHED_ON, ...SWITCHED_OFF])])
  .transform((value) => value === true || SWITCHED_ON.includes(String(value)));

/**
 * Everything that can be set, one entry each: its flag, its variable, what it is for, what it must be, and its schema
 * (which also gives the default). A flag wins over its variable.
 */
export const settings = {
  home: {
    flag: '--home <folder>',
    variable: 'SWIPENET_HOME',
    help: 'where the access token and your models are kept (default: the platform’s data folder)',
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
    help: `port to listen on, 0 for any free one (default: ${DEFAULT_PORT})`,
    expected: 'a port from 0 to 65535',
    schema: wholeNumber.pipe(z.int().max(65_535)).default(DEFAULT_PORT),
  },
  insecureBind: {
    flag: '--insecure-bind',
    variable: 'SWIPENET_INSECURE_BIND',
    help: 'allow a host that is not loopback without TLS: token and photos then cross the network unencrypted',
    expected: '1 or 0',
    schema: switchable.default(false),
  },
  allowHost: {
    flag: '--allow-host <names>',
    variable: 'SWIPENET_ALLOW_HOST',
    help: 'further names under which the server may be asked, with commas between (default: none)',
    expected: 'host names without a port, with commas between',
    schema: list.pipe(z.array(z.string().regex(/^[\w.-]+$|^\[?[\da-f:.]+\]?$/i))).default([]),
  },
  trustedProxy: {
    flag: '--trusted-proxy <addresses>',
    variable: 'SWIPENET_TRUSTED_PROXY',
    help: 'proxies whose X-Forwarded-For is believed: addresses or networks, with commas between (default: none)',
    expected: 'addresses or networks such as 10.0.0.0/8, with commas between',
    schema: list.pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))).default([]),
  },
  tlsCert: {
    flag: '--tls-cert <file>',
    variable: 'SWIPENET_TLS_CERT',
    help: 'serve HTTPS with this certificate, as PEM, its chain after it',
    expected: 'a file',
    schema: z.string().min(1).optional(),
  },
  tlsKey: {
    flag: '--tls-key <file>',
    variable: 'SWIPENET_TLS_KEY',
    help: 'the certificate’s private key, as PEM',
    expected: 'a file',
    schema: z.string().min(1).optional(),
  },
  rateLimit: {
    flag: '--rate-limit <number>',
    variable: 'SWIPENET_RATE_LIMIT',
    help: 'requests a second under one token (default: 20)',
    expected: 'a whole number from 1 to 1000000',
    schema: rate.default(20),
  },
  rateBurst: {
    flag: '--rate-burst <number>',
    variable: 'SWIPENET_RATE_BURST',
    help: 'requests that may come at once under one token after a rest (default: 100)',
    expected: 'a whole number from 1 to 1000000',
    schema: rate.default(100),
  },
  model: {
    flag: '--model <id>',
    variable: 'SWIPENET_MODEL',
    help: `the model that scores (default: the activated one, else ${EMBEDDED_MODEL.id}, which comes with Swipenet)`,
    expected: 'the id of a model',
    schema: z.string().min(1).optional(),
  },
  precision: {
    flag: '--precision <precision>',
    variable: 'SWIPENET_PRECISION',
    help: 'fp32, int8 (CPU only), or auto: int8 on the CPU where the model has a faithful int8 form (default: auto)',
    expected: 'fp32, int8 or auto',
    schema: z.enum([...PRECISIONS, 'auto']).default('auto'),
  },
  threshold: {
    flag: '--threshold <fraction>',
    variable: 'SWIPENET_THRESHOLD',
    help: 'LIKE means a confidence at or above this, 0 to 1 (default: the model’s, else 0.4)',
    expected: 'a number from 0 to 1',
    schema: z.string().pipe(scoreFieldSchemas.threshold).optional(),
  },
  cachePhotos: {
    flag: '--cache-photos <number>',
    variable: 'SWIPENET_CACHE_PHOTOS',
    help: 'photos whose results are kept in memory, so that the same bytes are scored once; 0: none (default: 10000)',
    expected: 'a whole number up to 1000000',
    schema: wholeNumber.pipe(z.int().max(1_000_000)).default(10_000),
  },
  device: {
    flag: '--device <device>',
    variable: 'SWIPENET_DEVICE',
    help: 'cpu, cuda:N, or auto: CUDA where it works, else the CPU (default: auto)',
    expected: 'cpu, cuda:N or auto',
    schema: z
      .string()
      .regex(/^(cpu|auto|cuda:\d{1,2})$/)
      .transform((device) => device as DeviceChoice)
      .default('auto'),
  },
  logLevel: {
    flag: '--log-level <level>',
    variable: 'SWIPENET_LOG_LEVEL',
    help: `how much is logged on standard error: ${LOG_LEVELS.join(', ')} (default: info)`,
    expected: `one of ${LOG_LEVELS.join(', ')}`,
    schema: z.enum(LOG_LEVELS).default('info'),
  },
  metricsOpen: {
    flag: '--metrics-open',
    variable: 'SWIPENET_METRICS_OPEN',
    help: 'let GET /metrics be read without the token',
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

/** The name of a setting. */
export type SettingName = keyof typeof settings;

/** The values of some settings. */
export type Settings<Name extends SettingName> = { readonly [Key in Name]: z.output<(typeof settings)[Key]['schema']> };

/**
 * The values of the settings a command takes: from its flags, else from the environment, else the defaults.
 *
 * @param flags what the command line gave, by setting.
 * @throws CommandError `option_invalid`, naming the flag, its variable, what was expected and what came.
 */
export function readSettings<Name extends SettingName>(
  names: readonly Name[],
  flags: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Settings<Name> {
  const entries = names.map((name) => {
    const { flag, variable, expected, schema }: Setting = settings[name];
    const given = flags[name] ?? environment[variable];
    const parsed = schema.safeParse(given);
    if (!parsed.success) {
      const message = `${flag.split(' ')[0]} (or ${variable}) must be ${expected}, got ${JSON.stringify(given)}`;
      throw new CommandError('option_invalid', message);
    }
    return [name, parsed.data];
  });
  return Object.fromEntries(entries);
}
