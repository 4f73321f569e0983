import { readFile } from 'node:fs/promises';
import { sha256 } from '../files/sha256.ts';
import type { EngineModel } from './child-engine.ts';

/** Reads a model's file. @throws Error if it isn't the one that was checked, or can't be read. */
export async function readModelFile({ modelPath, sha256: expected }: Omit<EngineModel, 'bytes'>): Promise<Uint8Array> {
  const bytes = await readFile(modelPath);
  if (sha256(bytes) !== expected) throw new Error('the model file has changed since it was checked');
  return bytes;
}
