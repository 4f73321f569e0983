/** The contents of a generated ELF file. `server/src/doctor/elf.ts` explains the fields. */
export interface WrittenElf {
  readonly machine?: number;
  readonly needed?: readonly string[];
  readonly soname?: string;
  readonly rpath?: string;
  readonly runpath?: string;
}

/** This machine's processor in ELF's numbering. */
export const ELF_MACHINE = process.arch === 'arm64' ? 183 : 62;

const ADDRESS = 0x400000;

/**
 * Generates a shared library without any code: a file header, two program headers (the loaded segment and the dynamic
 * section), the dynamic section and its strings. It is enough for anything that reads a library's dependencies,
 * including `readelf -d`.
 */
export function elfFile({ machine = ELF_MACHINE, needed = [], soname, rpath, runpath }: WrittenElf): Buffer {
  let strings = '\0';
  const named = (tag: number, text: string | undefined): [number, number][] => {
    if (text === undefined) return [];
    const offset = Buffer.byteLength(strings);
    strings += `${text}\0`;
    return [[tag, offset]];
  };
  const entries = [
    ...needed.flatMap((name) => named(1, name)),
    ...named(14, soname),
    ...named(15, rpath),
    ...named(29, runpath),
  ];
  const dynamicAt = 64 + 2 * 56;
  const dynamicBytes = 16 * (entries.length + 3);
  const stringsAt = dynamicAt + dynamicBytes;
  const size = stringsAt + Buffer.byteLength(strings);
  entries.push([5, ADDRESS + stringsAt], [10, Buffer.byteLength(strings)], [0, 0]);

  const file = Buffer.alloc(size);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  file.writeUInt16LE(3, 16); // a shared object
  file.writeUInt16LE(machine, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(64, 52);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(2, 56);
  const segment = (at: number, type: number, offset: number, bytes: number) => {
    file.writeUInt32LE(type, at);
    file.writeUInt32LE(4, at + 4);
    for (const [field, value] of [
      [8, offset],
      [16, ADDRESS + offset],
      [24, ADDRESS + offset],
      [32, bytes],
      [40, bytes],
      [48, 8],
    ] as const)
      file.writeBigUInt64LE(BigInt(value), at + field);
  };
  segment(64, 1, 0, size);
  segment(64 + 56, 2, dynamicAt, dynamicBytes);
  for (const [index, [tag, value]] of entries.entries()) {
    file.writeBigUInt64LE(BigInt(tag), dynamicAt + 16 * index);
    file.writeBigUInt64LE(BigInt(value), dynamicAt + 16 * index + 8);
  }
  file.write(strings, stringsAt);
  return file;
}
