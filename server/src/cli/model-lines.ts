import { join } from 'node:path';
import type { Manifest } from '../registry/manifest.ts';
import { isServed } from '../registry/model-registry.ts';

/** A file's size for people. */
export const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** A model's classes for people. */
export const classesOf = (classes: Manifest['classes']) =>
  typeof classes === 'number' ? `${classes} classes, an initialisation` : classes.join(', ');

/** A manifest for people. */
export function showLines(manifest: Manifest, modelPath: string, active: boolean): string {
  const { id, classes, preprocessing, threshold, temperature, metrics, provenance, model } = manifest;
  const { resize, mean } = preprocessing;
  const rows: [string, string][] = [
    ['classes', classesOf(classes)],
    ['photos', `${resize} to 256 × 256, gray, centre 224 × 224, minus ${mean === 'image' ? 'a mean image' : mean}`],
    ...(isServed(manifest)
      ? [['LIKE', `from ${threshold ?? 'the default'}, temperature ${temperature}`] as [string, string]]
      : []),
    ...Object.entries(metrics).map(([name, value]): [string, string] => [name, String(value)]),
    ['learnt', provenance.description],
    ['made by', provenance.command],
    ...(provenance.sourceSha256 ? [['made of', `SHA-256 ${provenance.sourceSha256}`] as [string, string]] : []),
    ['file', `${modelPath}, ${megabytes(model.bytes)}, ${model.storage}, SHA-256 ${model.sha256}`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  return [`${id}${active ? ' (active)' : ''}`, ...lines].join('\n');
}

/** What an import says: what it became, where it is, and what can be done with it. */
export function importedLines(manifest: Manifest, folder: string): string {
  const path = join(folder, manifest.id);
  const what = `${manifest.id}: ${megabytes(manifest.model.bytes)} in ${path}`;
  if (isServed(manifest)) return what;
  return `${what}\n${classesOf(manifest.classes)}: train --init ${path} begins from it, nothing is scored with it`;
}
