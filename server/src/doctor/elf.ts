import { open } from 'node:fs/promises';

/** What an ELF file tells the dynamic loader. */
export interface ElfFile {
  /** The processor it is built for (`e_machine`): 62 is x86-64, 183 is AArch64. */
  readonly machine: number;
  /** Names of the libraries it depends on (`DT_NEEDED`), in order. */
  readonly needed: readonly string[];
  readonly soname?: string;
  /** Folders to search first (`DT_RPATH`, ignored if there is a run path). `$ORIGIN` is not expanded. */
  readonly rpath: readonly string[];
  /** Folders to search after `LD_LIBRARY_PATH` (`DT_RUNPATH`). `$ORIGIN` is not expanded. */
  readonly runpath: readonly string[];
}

/** Reads bytes of a file. Returns fewer at its end. */
export type ReadBytes = (offset: number, length: number) => Promise<Uint8Array>;

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT = { null: 0, needed: 1, strtab: 5, soname: 14, rpath: 15, runpath: 29 };

const FILE_HEADER = 64;
const PROGRAM_HEADER = 56;
const DYNAMIC_ENTRY = 16;

/** More than any real file needs, so that a damaged file can't request a huge buffer. */
const MAX_DYNAMIC_BYTES = 1 << 20;
const MAX_NAME_BYTES = 4096;

/**
 * Reads the dynamic section of a 64-bit little-endian ELF file (System V ABI, chapters 4 and 5). It reads only headers
 * and names, because CUDA's libraries are hundreds of megabytes in size.
 *
 * @throws Error that says what is wrong with the file.
 */
export async function readElf(read: ReadBytes): Promise<ElfFile> {
  const header = await bytesAt(read, 0, FILE_HEADER, 'the file header');
  if (header.getUint32(0) !== 0x7f454c46) throw new Error('it is not an ELF file');
  if (header.getUint8(4) !== 2 || header.getUint8(5) !== 1)
    throw new Error('it is not a 64-bit little-endian ELF file');
  const machine = header.getUint16(18, true);
  const count = header.getUint16(56, true);
  if (count > 0 && header.getUint16(54, true) !== PROGRAM_HEADER)
    throw new Error('its program headers have the wrong size');

  const programs = await bytesAt(read, uint64At(header, 32), count * PROGRAM_HEADER, 'the program headers');
  const segments = Array.from({ length: count }, (_, index) => {
    const at = index * PROGRAM_HEADER;
    const [offset, address, size] = [8, 16, 32].map((field) => uint64At(programs, at + field)) as [
      number,
      number,
      number,
    ];
    return { type: programs.getUint32(at, true), offset, address, size };
  });
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  if (!dynamic) return { machine, needed: [], rpath: [], runpath: [] }; // linked statically
  if (dynamic.size > MAX_DYNAMIC_BYTES) throw new Error('its dynamic section is impossibly large');

  const table = await bytesAt(read, dynamic.offset, dynamic.size, 'the dynamic section');
  const values = new Map<number, number[]>();
  for (let at = 0; at + DYNAMIC_ENTRY <= table.byteLength; at += DYNAMIC_ENTRY) {
    const tag = uint64At(table, at);
    if (tag === DT.null) break;
    // Other tags may have any value, even one that is not a safe integer.
    if (Object.values(DT).includes(tag)) values.set(tag, [...(values.get(tag) ?? []), uint64At(table, at + 8)]);
  }
  // The string table is given by its memory address. The loaded segment around it gives the file offset.
  const [address] = values.get(DT.strtab) ?? [];
  const home = segments.find(
    (segment) =>
      address !== undefined &&
      segment.type === PT_LOAD &&
      address - segment.address >= 0 &&
      address - segment.address < segment.size,
  );
  const strings = home && address !== undefined ? home.offset + (address - home.address) : undefined;
  const names = (tag: number) => Promise.all((values.get(tag) ?? []).map((offset) => nameAt(read, strings, offset)));
  const folders = async (tag: number) => (await names(tag)).flatMap((list) => list.split(':')).filter(Boolean);
  const [soname] = await names(DT.soname);
  return {
    machine,
    needed: await names(DT.needed),
    ...(soname !== undefined && { soname }),
    rpath: await folders(DT.rpath),
    runpath: await folders(DT.runpath),
  };
}

/** {@link readElf} for a file on disk. It also throws the system's error if the file can't be read. */
export async function readElfFile(path: string): Promise<ElfFile> {
  const file = await open(path);
  try {
    return await readElf(async (offset, length) => {
      const bytes = new Uint8Array(length);
      const { bytesRead } = await file.read(bytes, 0, length, offset);
      return bytes.subarray(0, bytesRead);
    });
  } finally {
    await file.close();
  }
}

async function bytesAt(read: ReadBytes, offset: number, length: number, what: string): Promise<DataView> {
  const bytes = await read(offset, length);
  if (bytes.length < length) throw new Error(`it is truncated in ${what}`);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

async function nameAt(read: ReadBytes, strings: number | undefined, offset: number): Promise<string> {
  if (strings === undefined) throw new Error('its names are outside all of its segments');
  const bytes = await read(strings + offset, MAX_NAME_BYTES);
  const end = bytes.indexOf(0);
  if (end < 0) throw new Error('one of its names is not terminated');
  return new TextDecoder().decode(bytes.subarray(0, end));
}

/** Reads a 64-bit offset, size or tag. Values that are not safe integers match nothing in a file. */
function uint64At(view: DataView, at: number): number {
  const value = Number(view.getBigUint64(at, true));
  return Number.isSafeInteger(value) ? value : Number.MAX_SAFE_INTEGER;
}
