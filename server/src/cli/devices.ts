import { Command } from 'commander';
import { readSettings } from '../config/settings.ts';
import { type Device, DeviceStore } from '../home/device-store.ts';
import { commandWith } from './command.ts';

/** What is told of a device: all but its token's hash. */
const told = ({ id, name, origin, pairedAt }: Device) => ({ id, name, origin, pairedAt });

const line = ({ id, name, origin, pairedAt }: Device) => [id, pairedAt, name, ...(origin ? [origin] : [])].join('  ');

const openStore = (flags: Record<string, unknown>) => DeviceStore.open(readSettings(['home'], flags).home);

const listCommand = commandWith('list', 'list the paired devices, the first paired first', ['home'])
  .option('--json', 'print JSON and nothing else')
  .action(async ({ json, ...flags }: Record<string, unknown>) => {
    const devices = (await openStore(flags)).list();
    if (json) console.log(JSON.stringify({ devices: devices.map(told) }, null, 2));
    else console.log(devices.map(line).join('\n') || 'No device is paired; swipenet pair shows a code for one.');
  });

const revokeCommand = commandWith('revoke', 'end a device’s access, at once also where the server runs', ['home'])
  .argument('<id>', 'the device’s id, as list shows it')
  .option('--json', 'print JSON and nothing else')
  .action(async (id: string, { json, ...flags }: Record<string, unknown>) => {
    const device = await (await openStore(flags)).revoke(id);
    console.log(
      json ? JSON.stringify({ revoked: told(device) }, null, 2) : `${device.name} (${id}) has no access any more.`,
    );
  });

/** `swipenet devices …`: the paired devices of this home. */
export const devicesCommand = new Command('devices')
  .description('the devices that were paired with this server')
  .addCommand(listCommand)
  .addCommand(revokeCommand);
