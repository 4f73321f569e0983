import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { KUBERNETES, ONE_HOME, readKustomization, readYaml } from '../support/kubernetes-files.ts';
import { pythonPackages } from '../support/python-packages.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// The schemas of Kubernetes from PyPI's kubernetes-validate, and the classes of KServe's SDK. Both are offline: nothing here
// asks a cluster, and no cluster has ever had these files.

const inPython = (name: string) => fileURLToPath(new URL(`python/${name}`, import.meta.url));
const packages = pythonPackages('kubernetes', inPython('kubernetes.txt'));
const python = 'python' in packages ? packages.python : '';

/** The oldest version that has everything (a pause before a container ends is 1.30's), and the newest with a schema. */
const VERSIONS = '1.30,1.37';

interface Checked {
  readonly file: string;
  readonly name: string;
  readonly problems: readonly string[];
}

const check = (...files: readonly string[]): Checked[] =>
  JSON.parse(execFileSync(python, [inPython('check_kubernetes.py'), VERSIONS, ...files], { encoding: 'utf8' }));

const filesOf = (folder: string) =>
  readKustomization(folder).resources.flatMap((name) => (name.startsWith('..') ? [] : join(folder, name)));

/** Has kubectl combine a folder's files. It asks no cluster for that. */
const kustomize = (folder: string) =>
  spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8', env: { ...process.env, KUBECONFIG: '/dev/null' } });

const hasKubectl = kustomize(KUBERNETES).error === undefined;
if (!hasKubectl) console.warn('tests are skipped: kubectl isn’t installed');

describe.skipIf(!python)('the files for Kubernetes', () => {
  it('have the forms that Kubernetes and KServe expect', () => {
    const checked = check(...filesOf(KUBERNETES), ...filesOf(ONE_HOME));
    expect(checked.filter(({ problems }) => problems.length > 0)).toEqual([]);
    expect(checked.map(({ name }) => name)).toEqual([
      ...['Namespace swipenet', 'InferenceService swipenet-engine-a', 'Service engine-a'],
      ...['InferenceService swipenet-engine-b', 'Service engine-b', 'Deployment swipenet', 'Service swipenet'],
      ...['HorizontalPodAutoscaler swipenet', 'PodDisruptionBudget swipenet', 'NetworkPolicy swipenet'],
      ...['NetworkPolicy swipenet-engine', 'PersistentVolumeClaim swipenet-home'],
    ]);
  });

  it('are found wrong with a mistake in them', () => {
    const mistakes = [
      ['server.yaml', 'readOnlyRootFilesystem: true', 'readOnlyRootFileSystem: true'],
      ['server.yaml', 'averageUtilization: 70', 'averageUtilization: "70%"'],
      ['network.yaml', 'policyTypes: [Ingress]', 'policyTypes: Ingress'],
      ['engines.yaml', 'minReplicas: 1', 'minReplica: 1'],
      ['engines.yaml', 'minReplicas: 1', 'minReplicas: one'],
      ['engines.yaml', 'httpGet:', 'httpget:'],
      ['engines.yaml', 'modelFormat:', 'modelformat:'],
    ] as const;
    const folder = temporaryFolder();
    const changed = mistakes.map(([name, right, wrong], at) => {
      const text = readFileSync(join(KUBERNETES, name), 'utf8');
      expect(text).toContain(right);
      const file = join(folder, `${at}.yaml`);
      writeFileSync(file, text.replace(right, wrong));
      return file;
    });
    const wrong = new Set(check(...changed).flatMap(({ file, problems }) => (problems.length > 0 ? file : [])));
    expect([...wrong]).toEqual(changed);
  });
});

describe.skipIf(!hasKubectl)('what kustomize makes of them', () => {
  const combined = (folder: string) => {
    const { status, stdout, stderr } = kustomize(folder);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const file = join(temporaryFolder(), 'all.yaml');
    writeFileSync(file, stdout);
    return file;
  };

  it.skipIf(!python).each([KUBERNETES, ONE_HOME])('has the forms that Kubernetes and KServe expect: %s', (folder) => {
    const checked = check(combined(folder));
    expect(checked.filter(({ problems }) => problems.length > 0)).toEqual([]);
  });

  it('for one home is one server with a home folder that stays, and that can store swipes', () => {
    const [before, after] = [KUBERNETES, ONE_HOME].map((folder) => readYaml(combined(folder)) as { kind: string }[]);
    const kinds = (all: typeof before) => all!.map(({ kind }) => kind).toSorted();
    const [scaled, disrupted] = ['HorizontalPodAutoscaler', 'PodDisruptionBudget'];
    expect([...kinds(after), scaled, disrupted].toSorted()).toEqual(
      [...kinds(before), 'PersistentVolumeClaim'].toSorted(),
    );
    const deployment = after!.find(({ kind }) => kind === 'Deployment');
    expect(deployment).toMatchObject({ spec: { replicas: 1, strategy: { type: 'Recreate' } } });
    const text = JSON.stringify(deployment);
    expect(text).toContain('{"name":"home","persistentVolumeClaim":{"claimName":"swipenet-home"}}');
    for (const gone of ['/data/taste', 'no-taste', 'SWIPENET_MODEL']) expect(text).not.toContain(gone);
    for (const kept of ['SWIPENET_ENGINE_URL', '/secret', 'enableServiceLinks":false']) expect(text).toContain(kept);
  });
});
