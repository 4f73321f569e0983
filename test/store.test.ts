import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { storeManifest } from '../extension/wxt.config.ts';
import { ROOT } from './support/source-files.ts';

// What the stores get agrees with the extension (docs/store).

const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const LOCALES = readdirSync(join(ROOT, 'extension/public/_locales'));
const MANIFESTS = ['.', 'extension', 'server', 'shared', 'test'].map((place) => join(place, 'package.json'));
const { version } = JSON.parse(text('package.json'));

describe('the version', () => {
  it('is the same in every package', () => {
    const versions = MANIFESTS.map((path) => [path, JSON.parse(text(path)).version]);
    expect(versions).toEqual(MANIFESTS.map((path) => [path, version]));
  });

  it('has a dated section in the changelog, the first one below Unreleased', () => {
    const released = [...text('CHANGELOG.md').matchAll(/^## \[(\d[^\]]*)\] - \d{4}-\d\d-\d\d$/gm)].map(([, it]) => it);
    expect(released[0]).toBe(version);
  });
});

describe.each(LOCALES)('the listing in %s', (locale) => {
  const [title, summary, ...description] = text(`docs/store/listing/${locale}.md`).trim().split('\n\n');
  const messages = JSON.parse(text(`extension/public/_locales/${locale}/messages.json`));

  it('has the name and the summary of the extension, which the stores compare', () => {
    expect(title).toBe(`# ${messages.extension_name.message}`);
    expect(summary).toBe(messages.extension_description.message);
    expect(summary!.length).toBeLessThanOrEqual(132);
  });

  it('describes as much as the English one, within the stores’ limit', () => {
    const english = text('docs/store/listing/en.md').trim().split('\n\n').slice(2);
    const lines = (parts: readonly string[]) => parts.map((part) => part.split('\n').length);
    expect(lines(description)).toEqual(lines(english));
    expect(description.join('\n\n').length).toBeLessThan(16_000);
  });
});

it('has no listing in a language that the extension lacks', () => {
  const listed = readdirSync(join(ROOT, 'docs/store/listing')).map((file) => file.replace('.md', ''));
  expect(listed.toSorted()).toEqual(LOCALES.toSorted());
});

it('justifies exactly the permissions that the extension has', () => {
  const manifests = ['chrome', 'firefox'].map((browser) =>
    storeManifest({ browser, manifestVersion: 3, mode: 'production', command: 'build' }),
  );
  const requested = manifests.flatMap((manifest) => [
    ...(manifest.permissions ?? []),
    ...(manifest.host_permissions ?? []),
    ...(manifest.optional_permissions ?? []),
    ...(manifest.optional_host_permissions ?? []),
  ]);
  const table = text('docs/store/review.md').split('## Permissions')[1]!.split('\n## ')[0]!;
  const justified = [...table.matchAll(/^\| `(.+?)` \| .{20,} \|$/gm)].map(([, permission]) => permission);
  expect(justified.toSorted()).toEqual([...new Set<string>(requested)].toSorted());
});

describe('the pictures', () => {
  /** Width, height and color type of a PNG, from its first chunk. Type 2 is color without transparency. */
  const shape = (file: string) => {
    const png = readFileSync(join(ROOT, 'docs/store', file));
    return [png.readUInt32BE(16), png.readUInt32BE(20), png[25]];
  };

  it('are five screenshots and a tile, in the stores’ sizes and without transparency', () => {
    const screenshots = readdirSync(join(ROOT, 'docs/store')).filter((file) => /^screenshot-\d-.+\.png$/.test(file));
    expect(screenshots.map((file) => file[11])).toEqual(['1', '2', '3', '4', '5']);
    for (const file of screenshots) expect([file, ...shape(file)]).toEqual([file, 1280, 800, 2]);
    expect(shape('promo-tile.png')).toEqual([440, 280, 2]);
    expect(existsSync(join(ROOT, 'extension/public/icon/128.png'))).toBe(true);
  });
});
