import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settings } from '@swipenet/server/config/settings.ts';
import { parseAllDocuments } from 'yaml';
import { ROOT } from './source-files.ts';

/** The folder of what runs on Kubernetes: servers, engines, and who may reach whom. */
export const KUBERNETES = join(ROOT, 'server/deploy/kubernetes');

/** The folder of what differs for one server that keeps its home folder. */
export const ONE_HOME = join(ROOT, 'server/deploy/kubernetes-one-home');

type Labels = Readonly<Record<string, string>>;

interface Selector {
  readonly matchLabels: Labels;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string | number };
}

interface Mount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly lifecycle?: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
  readonly resources: { readonly requests: Labels; readonly limits: Labels };
  readonly securityContext: object;
  readonly volumeMounts: readonly Mount[];
}

interface Volume {
  readonly name: string;
  readonly secret?: { readonly secretName: string };
  readonly emptyDir?: object;
}

interface PodSpec {
  readonly enableServiceLinks: boolean;
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: { readonly runAsUser: number; readonly runAsGroup: number; readonly fsGroup: number };
  readonly initContainers: readonly Container[];
  readonly containers: readonly Container[];
  readonly volumes: readonly Volume[];
}

interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
}

interface Ports {
  readonly ports: readonly { readonly port: number; readonly protocol?: string }[];
}

interface Specs {
  readonly Namespace: undefined;
  readonly Deployment: {
    readonly replicas?: number;
    readonly selector: Selector;
    readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec };
  };
  readonly Service: {
    readonly selector: Labels;
    readonly ports: readonly { readonly port: number; readonly targetPort: string | number }[];
  };
  readonly HorizontalPodAutoscaler: {
    readonly scaleTargetRef: { readonly kind: string; readonly name: string };
    readonly minReplicas: number;
  };
  readonly PodDisruptionBudget: { readonly selector: Selector };
  readonly NetworkPolicy: {
    readonly podSelector: Selector;
    readonly policyTypes: readonly string[];
    readonly ingress: readonly ({ readonly from: readonly Peer[] } & Ports)[];
    readonly egress?: readonly ({ readonly to: readonly Peer[] } & Ports)[];
  };
  readonly InferenceService: {
    readonly predictor: {
      readonly labels: Labels;
      readonly minReplicas: number;
      readonly maxReplicas: number;
      readonly model: Container & { readonly storageUri: string };
    };
  };
  readonly PersistentVolumeClaim: { readonly accessModes: readonly string[] };
}

type Kind = keyof Specs;

/** A resource as its file has it. */
export interface Resource<Of extends Kind = Kind> {
  readonly kind: Of;
  readonly metadata: { readonly name: string; readonly labels?: Labels; readonly annotations?: Labels };
  readonly spec: Specs[Of];
}

interface Kustomization {
  readonly namespace: string;
  readonly resources: readonly string[];
  readonly patches?: readonly ({ readonly path: string } | { readonly patch: string })[];
}

/** Reads the documents of a YAML file. Throws with what is wrong in it. */
export function readYaml(path: string): unknown[] {
  return parseAllDocuments(readFileSync(path, 'utf8')).map((document) => {
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) throw problem;
    return document.toJS();
  });
}

/** Reads which files kustomize combines in a folder. */
export const readKustomization = (folder: string): Kustomization =>
  readYaml(join(folder, 'kustomization.yaml'))[0] as Kustomization;

const files = readKustomization(KUBERNETES).resources.map((name) => join(KUBERNETES, name));
const resources = files.flatMap((path) => readYaml(path) as Resource[]);

/** Returns all resources of a kind, in the order of the files. */
export const resourcesOf = <Of extends Kind>(kind: Of): readonly Resource<Of>[] =>
  resources.filter((one): one is Resource<Of> => one.kind === kind);

/** The Deployment of the servers, and what is in its pods. */
export const serverPods = (() => {
  const [deployment] = resourcesOf('Deployment');
  const { metadata, spec } = deployment!.spec.template;
  return {
    deployment: deployment!,
    labels: metadata.labels,
    spec,
    server: spec.containers[0]!,
    token: spec.initContainers[0]!,
  };
})();

/** The variables of the server's container. */
export const serverVariables: Readonly<Record<string, string>> = Object.fromEntries(
  serverPods.server.env!.map(({ name, value }) => [name, value]),
);

/** Returns the flags of `serve` that mean the same as variables. */
export const asFlags = (variables: Readonly<Record<string, string>>): string[] =>
  Object.values(settings).flatMap(({ flag, variable }) => {
    const value = variables[variable];
    if (value === undefined) return [];
    const [name, argument = ''] = flag.split(' ');
    return [name!, ...(argument.includes('...') ? value.split(',') : [value])];
  });
