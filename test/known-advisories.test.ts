import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Advisory, advisoryTroubles, knownAdvisoriesSchema } from './support/known-advisories.ts';
import { ROOT } from './support/source-files.ts';

const json = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

describe('docs/known-advisories.json', () => {
  const { advisories } = knownAdvisoriesSchema.parse(json('docs/known-advisories.json'));
  const manifests = ['.', 'extension', 'server', 'shared', 'test'].map((place) => json(join(place, 'package.json')));
  const installed: Record<string, string> = Object.assign(
    {},
    ...manifests.flatMap(({ dependencies, devDependencies }) => [dependencies, devDependencies]),
  );

  it('has a mitigation, reviewed in the last 90 days, for each advisory that an update can’t fix', () => {
    const today = new Date();
    const troubles = advisories.flatMap((one) => advisoryTroubles(one, { installed: installed[one.package], today }));
    expect(troubles).toEqual([]);
  });

  it('names files that exist', () => {
    const named = advisories.flatMap(({ enforcedBy }) => enforcedBy);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe('the record of an advisory', () => {
  const advisory: Advisory = {
    ...{ id: 'CVE-2026-1', package: 'sharp', component: 'libvips', severity: 'critical', problem: 'a flaw' },
    ...{ fixedIn: '0.36.0', mitigation: 'not reached', enforcedBy: ['a file'], reviewed: '2026-06-01' },
  };
  const troubles = (changes: Partial<Advisory>, date = '2026-08-30', installed: string | undefined = '0.35.5') =>
    advisoryTroubles({ ...advisory, ...changes }, { installed, today: new Date(`${date}T12:00:00Z`) });

  it('is fine for 90 days after its review, and no longer', () => {
    expect(troubles({})).toEqual([]);
    expect(troubles({}, '2026-08-31')).toEqual(['CVE-2026-1: last reviewed 91 days ago (limit 90); review it again']);
  });

  it('needs a mitigation', () => {
    expect(troubles({ mitigation: ' ' })).toEqual(['CVE-2026-1: no mitigation']);
  });

  it('leaves the file once the fix is installed, or the package is gone', () => {
    expect(troubles({}, '2026-08-30', '0.36.0')).toEqual(['CVE-2026-1: sharp 0.36.0 has the fix; remove the entry']);
    expect(troubles({ fixedIn: '0.35.10' })).toEqual([]);
    expect(troubles({ fixedIn: null }, '2026-08-30', '9.0.0')).toEqual([]);
    expect(advisoryTroubles(advisory, { installed: undefined, today: new Date('2026-08-30') })).toEqual([
      'CVE-2026-1: sharp is not a direct dependency; remove the entry',
    ]);
  });
});
