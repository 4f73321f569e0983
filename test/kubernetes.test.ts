import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serveCommand } from '@swipenet/server/cli/serve/serve.ts';
import { remoteEngines } from '@swipenet/server/cli/serve/serving-replicas.ts';
import { SERVER_SETTINGS } from '@swipenet/server/cli/serve/start-server.ts';
import { DRAIN_MS } from '@swipenet/server/cli/signals.ts';
import { isLoopback } from '@swipenet/server/config/machine.ts';
import { readSettings, settings } from '@swipenet/server/config/settings.ts';
import { Home } from '@swipenet/server/home/home.ts';
import { BODY_LIMITS } from '@swipenet/server/http/guards/body-bounds.ts';
import { DECODE_LIMITS, MAX_DECODER_RSS_BYTES } from '@swipenet/server/inference/decoding/child-decoder.ts';
import { plannedDecoders } from '@swipenet/server/inference/decoding/decoder-pool.ts';
import { TENSORRT_CACHE } from '@swipenet/server/interchange/triton/config-text.ts';
import { DEFAULT_PORT, ROUTES } from '@swipenet/shared/contract/routes.ts';
import { describe, expect, it } from 'vitest';
import {
  KUBERNETES,
  ONE_HOME,
  readKustomization,
  readYaml,
  resourcesOf,
  serverPods,
  serverVariables,
} from './support/kubernetes-files.ts';
import { ROOT } from './support/source-files.ts';

// Nothing here runs on a cluster. The files are held against the project and against each other. What the schemas say is
// in test/peers/kubernetes.test.ts, and what the servers do in test/integration/kubernetes.test.ts.

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const dockerfile = read('server/deploy/Dockerfile');
const page = read('docs/kubernetes.md');
const { deployment, labels, spec, server, token } = serverPods;
const engines = resourcesOf('InferenceService');
const services = resourcesOf('Service');
const policies = resourcesOf('NetworkPolicy');

const matches = (selector: object, found: object) => {
  for (const [key, value] of Object.entries(selector)) if (Reflect.get(found, key) !== value) return false;
  return true;
};

/** The settings of the server, as its command reads them. */
const serving = (() => {
  const [command, ...flags] = server.args!;
  const { operands, unknown } = serveCommand.parseOptions(flags);
  const flagValues = serveCommand.opts();
  return { command, rest: [...operands, ...unknown], read: readSettings(SERVER_SETTINGS, flagValues, serverVariables) };
})();

describe('what runs on Kubernetes', () => {
  it('is every file of its folders', () => {
    const { namespace, resources } = readKustomization(KUBERNETES);
    expect(readdirSync(KUBERNETES).toSorted()).toEqual(['kustomization.yaml', ...resources].toSorted());
    const oneHome = readKustomization(ONE_HOME);
    const patched = (oneHome.patches ?? []).flatMap((patch) => ('path' in patch ? patch.path : []));
    const own = oneHome.resources.filter((name) => !name.startsWith('..'));
    expect(readdirSync(ONE_HOME).toSorted()).toEqual(['kustomization.yaml', ...patched, ...own].toSorted());
    expect(join(ONE_HOME, oneHome.resources[0]!)).toBe(KUBERNETES);
    expect([namespace, oneHome.namespace]).toEqual([resourcesOf('Namespace')[0]!.metadata.name, namespace]);
  });

  describe('the server', () => {
    it('gets only flags and variables that it has, and they don’t contradict each other', () => {
      const variables: readonly string[] = Object.values(settings).map(({ variable }) => variable);
      expect([serving.command, serving.rest]).toEqual(['serve', []]);
      expect(Object.keys(serverVariables).filter((name) => !variables.includes(name))).toEqual([]);
      const { host, insecureBind, port, precision } = serving.read;
      expect({ isOpen: !isLoopback(host), insecureBind, port, precision }).toEqual({
        ...{ isOpen: true, insecureBind: true, port: DEFAULT_PORT, precision: 'fp32' },
      });
    });

    it('asks each engine at the address of its own Service', () => {
      const urls = services.flatMap(({ metadata, spec: { ports, selector } }) =>
        selector['app.kubernetes.io/component'] === 'engine' ? `http://${metadata.name}:${ports[0]!.port}` : [],
      );
      expect(urls).toHaveLength(engines.length);
      expect(remoteEngines(serving.read)?.engines.urls).toEqual(urls);
    });

    it('isn’t given the variables of Services, one of which it would take for its port', () => {
      const given = services.map(({ metadata }) => `${metadata.name.toUpperCase().replaceAll('-', '_')}_PORT`);
      expect(given).toContain(settings.port.variable);
      expect(spec.enableServiceLinks).toBe(false);
    });

    it('is probed at routes that need no token, on the port that it listens on', () => {
      const { startupProbe, livenessProbe, readinessProbe, ports } = server;
      const paths = [startupProbe, livenessProbe, readinessProbe].map((probe) => probe!.httpGet.path);
      expect(paths).toEqual([ROUTES.live.path, ROUTES.live.path, ROUTES.ready.path]);
      expect([ROUTES.live, ROUTES.ready].map((route) => route.token)).toEqual([false, false]);
      const port = { name: 'http', containerPort: DEFAULT_PORT };
      expect(ports).toEqual([port]);
      for (const probe of [startupProbe, livenessProbe, readinessProbe]) expect(probe!.httpGet.port).toBe(port.name);
    });

    it('has the time that it needs to end', () => {
      const { sleep } = server.lifecycle!.preStop;
      expect(spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(sleep.seconds + DRAIN_MS / 1000 + 5);
    });

    it('has the memory for its decoders and for all bodies at once', () => {
      const { cpu, memory } = server.resources.limits;
      const [, gibibytes] = /^(\d+)Gi$/.exec(memory!)!;
      const ofDecoder = MAX_DECODER_RSS_BYTES + DECODE_LIMITS.grownBytes;
      const others = BODY_LIMITS.bytesAtOnce + 300e6; // its own process under load (docs/server.md#decoders)
      const all = plannedDecoders(Number(cpu), 'cuda') * ofDecoder + others;
      expect(Number(gibibytes) * 2 ** 30).toBeGreaterThan(all);
    });

    it('runs as the user of its image, with that image’s folders', () => {
      const { runAsUser, runAsGroup, fsGroup } = spec.securityContext;
      expect(dockerfile.split(`\nUSER ${runAsUser}:${runAsGroup}\n`)).toHaveLength(3); // in both targets
      expect(fsGroup).toBe(runAsGroup);
      const [, temporary, home] = /HOME=(\S+) SWIPENET_HOME=(\S+)/.exec(dockerfile)!;
      const at = Object.fromEntries(server.volumeMounts.map(({ name, mountPath }) => [name, mountPath]));
      expect(at).toMatchObject({ home, tmp: temporary });
      const { version } = JSON.parse(read('server/package.json'));
      for (const { image } of [server, token]) expect(image).toBe(`registry.example/swipenet:${version}`);
    });

    it('gets its token from the Secret that the page creates', () => {
      const home = server.volumeMounts.find(({ name }) => name === 'home')!.mountPath;
      const secret = token.volumeMounts.find(({ name }) => name === 'token')!.mountPath;
      expect(token.command!.slice(-2)).toEqual([`${secret}/token`, new Home(home).token]);
      const { secretName } = spec.volumes.find(({ name }) => name === 'token')!.secret!;
      expect(page).toContain(`create secret generic ${secretName} --from-literal=token=`);
    });

    it('can’t store swipes', () => {
      const home = server.volumeMounts.find(({ name }) => name === 'home')!.mountPath;
      const mount = server.volumeMounts.find(({ mountPath }) => mountPath === new Home(home).taste);
      expect(mount).toMatchObject({ readOnly: true });
      expect(spec.volumes.find(({ name }) => name === mount!.name)).toHaveProperty('emptyDir');
    });

    it('runs twice or more, and only the autoscaler says how often', () => {
      const scaled = resourcesOf('HorizontalPodAutoscaler').map(({ spec: { scaleTargetRef: of, minReplicas } }) => [
        ...[of.kind, of.name, minReplicas],
      ]);
      expect(scaled).toEqual([[deployment.kind, deployment.metadata.name, 2]]);
      expect(deployment.spec).not.toHaveProperty('replicas');
    });
  });

  describe('an engine', () => {
    it('is alike for all of them, but for its letter', () => {
      const kept = ['InferenceService', 'Service'] as const;
      const ofLetter = (letter: string) =>
        kept
          .flatMap((kind) => resourcesOf(kind).filter(({ metadata }) => metadata.name.endsWith(`engine-${letter}`)))
          .map((one) => JSON.stringify(one).replaceAll(`engine-${letter}`, '').replaceAll(`engine":"${letter}"`, ''));
      expect(ofLetter('a')).toHaveLength(kept.length);
      expect(ofLetter('b')).toEqual(ofLetter('a'));
    });

    it('is one pod per Service, because the server proves what is behind an address', () => {
      for (const { spec, metadata } of engines) {
        const { minReplicas, maxReplicas, labels: own } = spec.predictor;
        expect([minReplicas, maxReplicas]).toEqual([1, 1]);
        expect(metadata.annotations).toEqual({
          'serving.kserve.io/deploymentMode': 'Standard',
          'serving.kserve.io/autoscalerClass': 'none',
        });
        expect(services.filter(({ spec: { selector } }) => matches(selector, own))).toHaveLength(1);
      }
    });

    it('isn’t given an address that everyone can reach', () => {
      for (const { metadata } of engines) {
        expect(metadata.labels).toEqual({ 'networking.kserve.io/visibility': 'cluster-local' });
      }
    });

    it('has room for what TensorRT builds, where an export has it', () => {
      const mounts = engines.map(({ spec }) => spec.predictor.model.volumeMounts.map(({ mountPath }) => mountPath));
      expect(mounts).toEqual(engines.map(() => [TENSORRT_CACHE]));
    });
  });

  describe('a selector', () => {
    it('selects the pods that it is meant for, and no others', () => {
      const pods = {
        server: labels,
        ...Object.fromEntries(engines.map(({ metadata, spec }) => [metadata.name, spec.predictor.labels])),
      };
      const selected = (selector: object) =>
        Object.entries(pods).flatMap(([name, found]) => (matches(selector, found) ? name : []));
      expect(selected(deployment.spec.selector.matchLabels)).toEqual(['server']);
      expect(selected(resourcesOf('PodDisruptionBudget')[0]!.spec.selector.matchLabels)).toEqual(['server']);
      expect(services.map(({ metadata, spec: { selector } }) => [metadata.name, selected(selector)])).toEqual([
        ['engine-a', ['swipenet-engine-a']],
        ['engine-b', ['swipenet-engine-b']],
        ['swipenet', ['server']],
      ]);
      expect(policies.map(({ spec: { podSelector } }) => selected(podSelector.matchLabels))).toEqual([
        ['server'],
        engines.map(({ metadata }) => metadata.name),
      ]);
      const [ofServer, ofEngine] = policies.map((policy) => policy.spec);
      const [toEngines] = ofServer!.egress!;
      expect(selected(toEngines!.to[0]!.podSelector!.matchLabels)).toEqual(
        engines.map(({ metadata }) => metadata.name),
      );
      expect(selected(ofEngine!.ingress[0]!.from[0]!.podSelector!.matchLabels)).toEqual(['server']);
    });
  });

  describe('a port', () => {
    it('is the same in the Service, in who may reach it, and where the pod listens', () => {
      const service = services.find(({ metadata }) => metadata.name === 'swipenet')!;
      expect(service.spec.ports.map(({ targetPort }) => targetPort)).toEqual([server.ports![0]!.name]);
      const [ofServer, ofEngine] = policies.map((policy) => policy.spec);
      expect(ofServer!.ingress.map(({ ports }) => ports)).toEqual([[{ port: DEFAULT_PORT }]]);
      const [port] = new Set(engines.map(({ spec }) => spec.predictor.model.readinessProbe!.httpGet.port));
      expect(ofServer!.egress![0]!.ports).toEqual([{ port }]);
      expect(ofEngine!.ingress[0]!.ports).toEqual([{ port }]);
      const ofEngines = services.filter((one) => one !== service).flatMap(({ spec: { ports } }) => ports);
      expect(ofEngines.map(({ targetPort }) => targetPort)).toEqual(engines.map(() => port));
    });
  });

  describe('who may reach whom', () => {
    it('lets only the ingress’s namespace in, and the server out only to engines and DNS', () => {
      const [ofServer, ofEngine] = policies;
      expect([ofServer, ofEngine].map((policy) => policy!.spec.policyTypes)).toEqual([
        ['Ingress', 'Egress'],
        ['Ingress'],
      ]);
      const { ingress, egress } = ofServer!.spec;
      expect(ingress.flatMap(({ from }) => from.map((peer) => Object.keys(peer)))).toEqual([['namespaceSelector']]);
      expect(egress).toHaveLength(2);
      expect(egress![1]!.ports.map(({ port, protocol }) => [port, protocol])).toEqual([
        [53, 'UDP'],
        [53, 'TCP'],
      ]);
      expect(ofEngine!.spec.ingress).toHaveLength(1);
    });
  });

  it('names what has to be changed on the page', () => {
    const text = readdirSync(KUBERNETES).map((name) => readFileSync(join(KUBERNETES, name), 'utf8'));
    const yours = [...new Set(text.join('\n').match(/\S*[\w-]\.example\S*/g))];
    expect(yours.toSorted()).toEqual(
      [serverVariables.SWIPENET_ALLOW_HOST, server.image, engines[0]!.spec.predictor.model.storageUri].toSorted(),
    );
    expect(page).toContain(`swipenet models export ${serverVariables.SWIPENET_MODEL} --for triton --out `);
    for (const one of [...yours, serverVariables.SWIPENET_MODEL]) expect(page).toContain(`\`${one}\``);
  });
});

describe('one home on Kubernetes', () => {
  it('changes only what the files have', () => {
    const [patch] = readYaml(join(ONE_HOME, 'server.yaml')) as [
      {
        spec: {
          template: {
            spec: {
              containers: { env: { name: string }[]; volumeMounts: { mountPath: string }[] }[];
              volumes: { name: string }[];
            };
          };
        };
      },
    ];
    const { containers, volumes } = patch.spec.template.spec;
    const [changed] = containers;
    expect(Object.keys(serverVariables)).toEqual(expect.arrayContaining(changed!.env.map(({ name }) => name)));
    const paths = server.volumeMounts.map(({ mountPath }) => mountPath);
    expect(paths).toEqual(expect.arrayContaining(changed!.volumeMounts.map(({ mountPath }) => mountPath)));
    const names = spec.volumes.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(volumes.map(({ name }) => name)));
  });
});
