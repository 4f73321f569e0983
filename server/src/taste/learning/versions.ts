import { existsSync } from 'node:fs';
import { removeDrafts } from '../../files/write-whole.ts';
import type { Home } from '../../home/home.ts';
import { int8IdOf } from '../../quantization/publish-int8.ts';
import { activeModelId } from '../../registry/active-model.ts';
import type { Manifest } from '../../registry/manifest.ts';
import { modelFolders } from '../../registry/model-folders.ts';
import { type ListedModel, listModels, removeModel, removeRemoved } from '../../registry/model-registry.ts';

/** How many versions are kept besides the active one. */
const KEPT = 10;

const VERSION = /^taste-(\d{4,})$/;

/** What the ID of an int8 form ends with. */
const INT8 = int8IdOf('');

/** True for the ID of a version, `taste-0001`, and false for that of its int8 form. */
export const isVersion = (id: string): boolean => VERSION.test(id);

/** True for the ID of a version or of its int8 form, which decides as the version does. */
export const isVersionForm = (id: string): boolean =>
  isVersion(id) || (id.endsWith(INT8) && isVersion(id.slice(0, -INT8.length)));

/** A version that was learned from swipes. */
export interface Version {
  readonly id: string;
  readonly isActive: boolean;
  /** Undefined if the model is damaged. */
  readonly manifest: Manifest | undefined;
}

/** Lists the versions of a home folder, oldest first. */
export async function listVersions(home: Home): Promise<Version[]> {
  const active = await activeModelId(home);
  return (await versionsOf(home)).map(({ id, manifest }) => ({
    ...{ id, isActive: id === active },
    manifest: manifest instanceof Error ? undefined : manifest,
  }));
}

/** Returns the ID of the next version. Numbers are never used again while a later version exists. */
export async function nextVersion(home: Home): Promise<string> {
  const newest = (await versionsOf(home)).at(-1)?.id;
  const number = newest === undefined ? 0 : numberOf(newest);
  return `taste-${String(number + 1).padStart(4, '0')}`;
}

/** Removes all versions but the last ten, the active one and those in use. */
export async function pruneVersions(home: Home, inUse: readonly string[] = []): Promise<void> {
  for (const { id, isActive } of (await listVersions(home)).slice(0, -KEPT)) {
    if (!isActive && !inUse.includes(id)) await removeVersion(home, id);
  }
}

/** Removes a version and its int8 form. */
export async function removeVersion(home: Home, id: string): Promise<void> {
  const own = new Set((await listModels([home.models])).map((model) => model.id));
  for (const form of [id, int8IdOf(id)]) if (own.has(form)) await removeModel(modelFolders(home), form, new Map());
}

/** Removes what processes left that were killed while they wrote or removed a version. */
export async function removeUnfinished(home: Home): Promise<void> {
  if (!existsSync(home.models)) return;
  await removeDrafts(home.models, isVersionForm);
  await removeRemoved(home.models);
}

async function versionsOf(home: Home): Promise<ListedModel[]> {
  const models = await listModels([home.models]);
  return models.filter(({ id }) => isVersion(id)).toSorted((one, other) => numberOf(one.id) - numberOf(other.id));
}

const numberOf = (id: string) => Number(VERSION.exec(id)![1]);
