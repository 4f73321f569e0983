import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/source-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Found {
  readonly path: string;
  readonly version: string;
  readonly arch: string;
}
// Plain JavaScript has no types.
const {
  newest,
  nodesOnPath,
}: { newest: (own: Found, others: Found[]) => Found; nodesOnPath: (path: string) => string[] } = await import(
  pathToFileURL(join(ROOT, 'server', 'launcher', 'choose-node.mjs')).href
);
const { npmWords }: { npmWords: (name: string, machine: object) => string[] } = await import(
  pathToFileURL(join(ROOT, 'server', 'launcher', 'run.mjs')).href
);

describe('the Node that runs the server', () => {
  const named = (version: string, arch = 'x64'): Found => ({ path: version, version, arch });
  const own = named('v26.10.0');

  it.each<[string, Found[], string]>([
    ['the workspace’s own if the machine has none', [], 'v26.10.0'],
    ['a newer release of the same major version', [named('v26.9.3'), named('v26.12.1'), named('v26.11.0')], 'v26.12.1'],
    ['never another major version', [named('v20.20.2'), named('v28.0.0')], 'v26.10.0'],
    ['never one for another processor', [named('v26.12.1', 'arm64')], 'v26.10.0'],
    ['the own one of two that are alike', [{ ...named('v26.10.0'), path: '/usr/bin/node' }], 'v26.10.0'],
  ])('is %s', (_what, others, expected) => {
    expect(newest(own, others).path).toBe(expected);
  });

  it('is looked for on the PATH, but not among packages', () => {
    const folder = temporaryFolder();
    const add = (place: string) => {
      mkdirSync(join(folder, place), { recursive: true });
      writeFileSync(join(folder, place, 'node'), '#!/bin/sh\n');
      chmodSync(join(folder, place, 'node'), 0o755);
    };
    for (const place of ['one', 'two', 'project/node_modules/.bin']) add(place);
    symlinkSync(join(folder, 'one'), join(folder, 'linked'));
    const path = ['project/node_modules/.bin', 'one', 'linked', 'missing', 'two'].map((place) => join(folder, place));
    const found = nodesOnPath(['', ...path].join(delimiter));
    expect(found.map((program) => program.slice(folder.length + 1)).toSorted()).toEqual(['linked/node', 'two/node']);
  });
});

describe('npm', () => {
  interface Place {
    readonly platform: string;
    readonly node: string;
    readonly npm?: string;
    readonly exists: (path: string) => boolean;
  }
  const place = (there: readonly string[], npm?: string): Place => ({
    platform: 'win32',
    node: '/Program Files/nodejs/node.exe',
    ...(npm !== undefined && { npm }),
    exists: (path) => there.includes(path),
  });
  const beside = '/Program Files/nodejs/node_modules/npm/bin/npx-cli.js';

  it('is started by its name, except on Windows', () => {
    expect(npmWords('npm', { ...place([]), platform: 'linux' })).toEqual(['npm']);
  });

  it('is started without a shell on Windows, so that spaces in paths do no harm', () => {
    const own = '/Users/Ann B/npm/bin/npm-cli.js';
    expect(npmWords('npm', place([own, beside], own))).toEqual(['/Program Files/nodejs/node.exe', own]);
    expect(npmWords('npx', place([beside]))).toEqual(['/Program Files/nodejs/node.exe', beside]);
    expect(npmWords('npx', place([beside], '/pnpm/bin/pnpm.cjs'))).toEqual(['/Program Files/nodejs/node.exe', beside]);
    expect(() => npmWords('npm', place([]))).toThrow("npm isn't beside /Program Files/nodejs/node.exe");
  });
});
