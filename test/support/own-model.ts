import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import { sha256 } from '@swipenet/server/files/sha256.ts';
import { encodeMetadata } from '@swipenet/server/onnx/proto.ts';
import type { Manifest } from '@swipenet/server/registry/manifest.ts';

const embedded = (file: string) => readFileSync(join(EMBEDDED_MODEL.folder, EMBEDDED_MODEL.id, file));

/** The embedded model's file with a note. The network is the same but the hash isn't, so it has no int8 form. */
export const notedModel = (note: string): Uint8Array =>
  Buffer.concat([embedded('model.onnx'), encodeMetadata({ note })]);

/** Adds a model to a home, by default the embedded network. `more` overrides its manifest. */
export function addOwnModel(home: string, id: string, more: Partial<Manifest> = {}, onnx = notedModel(id)): void {
  const folder = join(home, 'models', id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'model.onnx'), onnx);
  const manifest: Manifest = JSON.parse(embedded('manifest.json').toString());
  const model = { ...manifest.model, sha256: sha256(onnx), bytes: onnx.length, ...more.model };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, ...more, id, model }));
}
