import { type Disk, machineDisk } from '@swipenet/server/files/write-whole.ts';

type OpenFile = Awaited<ReturnType<Disk['open']>>;

/** A disk whose process is killed after this many operations. From then on nothing works, not even cleanup. */
export function dyingDisk(operations = Number.POSITIVE_INFINITY): Disk & { operations: () => number } {
  let count = 0;
  const live = async <Result>(act: () => Promise<Result>): Promise<Result> => {
    count += 1;
    if (count > operations) throw new Error('dead');
    return act();
  };
  return {
    operations: () => count,
    makeFolder: (path, mode) => live(() => machineDisk.makeFolder(path, mode)),
    rename: (from, to) => live(() => machineDisk.rename(from, to)),
    link: (from, to) => live(() => machineDisk.link(from, to)),
    remove: (path) => live(() => machineDisk.remove(path)),
    open: (path, flags, mode) =>
      live(async () => {
        const file = await machineDisk.open(path, flags, mode);
        return {
          // A write may be cut off anywhere, so this one writes only half of its data.
          write: ((piece: Uint8Array, from: number, length: number) =>
            live(() => file.write(piece, from, Math.ceil(length / 2)))) as OpenFile['write'],
          sync: () => live(() => file.sync()),
          close: () => file.close(),
        };
      }),
  };
}

/** A disk that can create files but has no room for a single byte. */
export const FULL_DISK: Disk = {
  ...machineDisk,
  open: async (path, flags, mode) => {
    const file = await machineDisk.open(path, flags, mode);
    const write = () => Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
    return { write, sync: () => file.sync(), close: () => file.close() };
  },
};
