import type { StudioModel } from '@swipenet/shared/contract/studio/models.ts';
import { CommandError } from '../../command-error.ts';
import type { Home } from '../../home/home.ts';
import { activeModelId } from '../../registry/active-model.ts';
import { precisionOf } from '../../registry/choose-precision.ts';
import { modelFolders } from '../../registry/model-folders.ts';
import { isServed, type ListedModel, listModels } from '../../registry/model-registry.ts';

/** The models on the server. */
export class ModelsDesk {
  readonly #home: Home;
  readonly #servedId: () => string;

  /** @param servedId returns the ID of the model that the server uses. */
  constructor(home: Home, servedId: () => string) {
    this.#home = home;
    this.#servedId = servedId;
  }

  /** Lists every model, sorted by ID. Doesn't check hashes. Throws CommandError `active_model_invalid`. */
  async list(): Promise<StudioModel[]> {
    const active = await activeModelId(this.#home);
    const served = this.#servedId();
    return (await listModels(modelFolders(this.#home))).map(({ id, place, manifest }) => ({
      id,
      isActive: id === active,
      isServed: id === served || parentOf(manifest, id) === served,
      isEmbedded: place > 0,
      about: about(manifest),
    }));
  }
}

/** Returns the model that this one is a form of: its parent, or itself. */
const parentOf = (manifest: ListedModel['manifest'], id: string) =>
  manifest instanceof CommandError ? id : (manifest.quantization?.parent ?? id);

function about(manifest: ListedModel['manifest']): StudioModel['about'] {
  if (manifest instanceof CommandError) return { error: manifest.message };
  const { model, metrics, quantization, provenance } = manifest;
  const { description, command } = provenance;
  return {
    bytes: model.bytes,
    precision: precisionOf(manifest),
    parent: quantization?.parent ?? null,
    canScore: isServed(manifest),
    metrics,
    provenance: { description, command },
  };
}
