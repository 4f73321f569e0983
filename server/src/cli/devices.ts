import { pairingCodeAnswerSchema } from '@swipenet/shared/contract/pair.ts';
import { type Device, DeviceStore } from '../home/device-store.ts';
import { askServer } from '../http/ask-server.ts';
import { defineCommand, defineGroup } from './command.ts';

/** `swipenet pair`: a one-time code from the server that runs on this machine, for a browser or another client. */
export const pairCommand = defineCommand({
  name: 'pair',
  summary: 'show a one-time code with which a browser gets a token of its own',
  settings: ['home'],
  run: async ({ settings: { home } }) => {
    const { answer, server } = await askServer(home, 'pairingCode', pairingCodeAnswerSchema);
    return { ...answer, url: server.url };
  },
  print: ({ code, expiresInS }) =>
    `  ${code}\nType it into the extension’s options, below the token. It works once, for ${expiresInS / 60} minutes.`,
});

/** What is shown of a device: everything but its token's hash. */
const shown = ({ id, name, origin, pairedAt }: Device) => ({ id, name, origin, pairedAt });

const line = ({ id, name, origin, pairedAt }: Device) => [id, pairedAt, name, ...(origin ? [origin] : [])].join('  ');

const listCommand = defineCommand({
  name: 'list',
  summary: 'list the paired devices, the first paired first',
  settings: ['home'],
  run: async ({ settings }) => (await DeviceStore.open(settings.home)).list(),
  print: (devices) => devices.map(line).join('\n') || 'No device is paired; swipenet pair shows a code for one.',
  toJson: (devices) => ({ devices: devices.map(shown) }),
});

const revokeCommand = defineCommand({
  name: 'revoke',
  summary: 'end a device’s access, at once also where the server runs',
  operand: { syntax: '<id>', help: 'the device’s id, as list shows it' },
  settings: ['home'],
  run: async ({ settings, operands: [id] }) => (await DeviceStore.open(settings.home)).revoke(id!),
  print: ({ id, name }) => `${name} (${id}) has no access any more.`,
  toJson: (device) => ({ revoked: shown(device) }),
});

/** `swipenet devices …`: the paired devices of this home. */
export const devicesCommand = defineGroup('devices', 'the devices that were paired with this server', [
  listCommand,
  revokeCommand,
]);
