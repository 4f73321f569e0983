import { type Disk, machineDisk } from '@swipenet/server/files/write-whole.ts';

type OpenFile = Awaited<ReturnType<Disk['open']>>;

/** A disk on which a process is killed: after `operations` it never does anything again, not even clean up. */
export function dyingDisk(operations = Number.POSITIVE_INFINITY): Disk & { operations: () => number } {
  let count = 0;
  const live = async <Result>(act: () => Promise<Result>): Promise<Result> => {
    count += 1;
    if (count > operations) throw new Error('dead');
    return act();
  };
  return {
    operations: () => count,
    makeFolder: (path) => live(() => machineDisk.makeFolder(path)),
    rename: (from, to) => live(() => machineDisk.rename(from, to)),
    link: (from, to) => live(() => machineDisk.link(from, to)),
    remove: (path) => live(() => machineDisk.remove(path)),
    open: (path, flags, mode) =>
      live(async () => {
        const file = await machineDisk.open(path, flags, mode);
        return {
          // Half of what it was given: a write may be cut off anywhere.
          write: ((piece: Uint8Array, from: number, length: number) =>
            live(() => file.write(piece, from, Math.ceil(length / 2)))) as OpenFile['write'],
          sync: () => live(() => file.sync()),
          close: () => file.close(),
        };
      }),
  };
}

/** A disk that makes files and has no room for a single byte in them. */
export const FULL_DISK: Disk = {
  ...machineDisk,
  open: async (path, flags, mode) => {
    const file = await machineDisk.open(path, flags, mode);
    const write = () => Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
    return { write, sync: () => file.sync(), close: () => file.close() };
  },
};
