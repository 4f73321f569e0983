import type { TasteDeleted } from '@swipenet/shared/contract/taste.ts';
import { OWNER_TASTE } from '@swipenet/shared/contract/taste.ts';
import { clearActiveModel, readActiveModel } from '../home/active-model.ts';
import type { Home } from '../home/home.ts';
import { isVersion, listVersions, removeUnfinished, removeVersion } from './learning/versions.ts';
import type { TasteStore } from './store/taste-store.ts';

/**
 * Deletes everything of a taste: the swipes with their features and photos, and the versions learned from them, also
 * unfinished ones. If a version was the active model, no model is chosen afterwards, so the next start uses the one that
 * comes with Swipenet.
 *
 * @param beforeRemoval lets a server stop using versions before their files are removed.
 * @throws CommandError, like the store and the registry.
 */
export async function eraseTaste(
  home: Home,
  store: TasteStore,
  taste: string,
  beforeRemoval: () => Promise<void> = async () => {},
): Promise<TasteDeleted> {
  const swipes = store.erase(taste);
  if (taste !== OWNER_TASTE) return { swipes, versions: 0 };
  const versions = await listVersions(home);
  const active = await readActiveModel(home);
  if (active !== undefined && isVersion(active)) await clearActiveModel(home);
  await beforeRemoval();
  for (const { id } of versions) await removeVersion(home, id);
  await removeUnfinished(home);
  return { swipes, versions: versions.length };
}
