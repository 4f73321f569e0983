import { defineConfig } from 'wxt';
import unpacked, { storeManifest } from './wxt.config.ts';

/** What the add-on stores get, zipped into dist/: the same build without the key of the unpacked one. */
export default defineConfig({ ...unpacked, manifest: storeManifest, outDirTemplate: 'store-{{browser}}' });
