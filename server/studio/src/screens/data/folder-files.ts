import type { Label } from '@swipenet/shared/confidence.ts';
import { IMPORT_LIMITS, type ImportFiles } from '@swipenet/shared/contract/studio/imports.ts';

/** A file that the person chose or dropped. */
export interface ChosenFile {
  /** Its path below the folder that was chosen, with slashes. */
  readonly path: string;
  readonly file: File;
}

/** Returns the files of a folder that was chosen in a dialog. Its own name isn't part of their paths. */
export const filesOfInput = (files: FileList | null): ChosenFile[] =>
  [...(files ?? [])].map((file) => ({
    path: file.webkitRelativePath.split('/').slice(1).join('/') || file.name,
    file,
  }));

/**
 * Returns the files of what was dropped. The paths of a single folder begin below it; several folders are one profile
 * each.
 */
export async function filesOfDrop(transfer: DataTransfer): Promise<ChosenFile[]> {
  // Asked for at once: what was dropped is gone after the event.
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const found: ChosenFile[] = [];
  for (const entry of entries) await collect(entry, '', found);
  const isOneFolder = entries.length === 1 && entries[0]!.isDirectory;
  return isOneFolder ? found.map(({ path, file }) => ({ path: path.slice(path.indexOf('/') + 1), file })) : found;
}

async function collect(entry: FileSystemEntry, below: string, found: ChosenFile[]): Promise<void> {
  const path = below + entry.name;
  if (isFile(entry)) {
    found.push({ path, file: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)) });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // Browsers return up to 100 entries at a time.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const one of some) await collect(one, `${path}/`, found);
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;

/** Files of both labels, for one request. */
export type Batch = readonly (ChosenFile & { readonly label: Label })[];

/** What no photo is: the system's own files, and files too large to be scored. */
const isLeftOut = ({ path, file }: ChosenFile) =>
  /(?:^|\/)\./.test(path) || file.size > IMPORT_LIMITS.fileBytes || file.size === 0;

/** Splits files into requests, and returns the paths of those that aren't sent. */
export function batchesOf(files: Readonly<Record<Label, readonly ChosenFile[]>>): {
  batches: Batch[];
  leftOut: string[];
} {
  const batches: (ChosenFile & { label: Label })[][] = [];
  const leftOut: string[] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const label of ['LIKE', 'NOPE'] as const) {
    for (const one of files[label]) {
      if (isLeftOut(one)) {
        leftOut.push(`${label}/${one.path}`);
        continue;
      }
      const isFull = batches.at(-1)?.length === IMPORT_LIMITS.filesAtOnce;
      if (isFull || bytes + one.file.size > IMPORT_LIMITS.bytesAtOnce - IMPORT_LIMITS.headBytes) {
        batches.push([]);
        bytes = 0;
      }
      batches.at(-1)!.push({ ...one, label });
      bytes += one.file.size;
    }
  }
  return { batches, leftOut };
}

/** Returns the body of a request with these files, as the contract describes it. */
export function bodyOf(batch: Batch): Blob {
  const head: ImportFiles = batch.map(({ label, path, file }) => ({ label, path, bytes: file.size }));
  const json = new TextEncoder().encode(JSON.stringify(head));
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, json.length, true);
  return new Blob([length.buffer, json, ...batch.map(({ file }) => file)]);
}
