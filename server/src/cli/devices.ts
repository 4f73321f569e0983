import { pairingCodeAnswerSchema } from '@swipenet/shared/contract/pair.ts';
import { sessionLinkAnswerSchema, startLink } from '@swipenet/shared/contract/session.ts';
import { OWNER_TASTE, TASTES } from '@swipenet/shared/contract/taste.ts';
import { printable } from '@swipenet/shared/printable.ts';
import * as z from 'zod';
import { toRun } from '../command-form.ts';
import { type Device, DeviceStore, type OnDeviceTrouble } from '../home/device-store.ts';
import { askServer } from '../http/ask-server.ts';
import { defineCommand, defineGroup } from './command.ts';
import { linkLine } from './format.ts';
import { printError } from './terminal.ts';

/** `swipenet pair`: asks the server on this machine for a one-time code that pairs a browser or another client. */
export const pairCommand = defineCommand({
  name: 'pair',
  summary: 'show a one-time code that pairs a browser with the server',
  settings: ['home'],
  options: {
    taste: {
      flag: '--taste <whose>',
      help: 'whose taste the device’s swipes belong to: owner, or own to keep them apart',
      schema: z.enum(TASTES),
      defaultValue: OWNER_TASTE,
    },
  },
  run: async ({ settings: { home }, options: { taste } }) => {
    const { answer, server } = await askServer(home, 'pairingCode', pairingCodeAnswerSchema, { taste });
    return { ...answer, url: server.url };
  },
  print: ({ code, expiresInS }) =>
    `  ${code}\nType it into the extension’s options, below the token. It works once and expires in ${expiresInS / 60} minutes.`,
});

/** `swipenet link`: asks the server on this machine for a new link to its start page. */
export const linkCommand = defineCommand({
  name: 'link',
  summary: 'print a new link to the start page, which connects a browser without a code',
  settings: ['home'],
  run: async ({ settings: { home } }) => {
    const { answer, server } = await askServer(home, 'sessionLink', sessionLinkAnswerSchema);
    return { url: startLink(server.url, answer.code), expiresInS: answer.expiresInS };
  },
  print: ({ url }) => linkLine(url),
});

const warn: OnDeviceTrouble = ({ message }) => printError(printable(message));

/** The public fields of a device: everything except its token's hash. */
const shown = ({ id, name, origin, pairedAt, taste, endsAt }: Device) => ({
  ...{ id, name, origin, pairedAt, taste },
  ...(endsAt !== undefined && { endsAt }),
});

const line = ({ id, name, origin, pairedAt, taste, endsAt }: Device) =>
  [
    id,
    pairedAt,
    printable(name),
    ...(origin ? [printable(origin)] : []),
    ...(taste === OWNER_TASTE ? [] : ['taste of its own']),
    ...(endsAt === undefined ? [] : [`until ${endsAt}`]),
  ].join('  ');

const listCommand = defineCommand({
  name: 'list',
  summary: 'list paired devices and sessions of the start page, oldest first',
  settings: ['home'],
  run: async ({ settings }) => DeviceStore.open(settings.home, warn).list(),
  print: (devices) => devices.map(line).join('\n') || `No devices are paired. To pair one, run ${toRun('pair')}.`,
  toJson: (devices) => ({ devices: devices.map(shown) }),
});

const revokeCommand = defineCommand({
  name: 'revoke',
  summary: 'revoke a device’s access immediately, even if the server is running',
  operand: { syntax: '<id>', help: 'device ID, as shown by devices list' },
  settings: ['home'],
  run: async ({ settings, operands: [id] }) => DeviceStore.open(settings.home, warn).revoke(id!),
  print: ({ id, name }) => `${printable(name)} (${id}) no longer has access.`,
  toJson: (device) => ({ revoked: shown(device) }),
});

/** `swipenet devices …`: manages the paired devices of this home folder. */
export const devicesCommand = defineGroup('devices', 'manage the devices that are paired with this server', [
  listCommand,
  revokeCommand,
]);
