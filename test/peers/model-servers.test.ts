import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@swipenet/server/clock.ts';
import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import type { TensorFormat } from '@swipenet/server/inference/oip/infer-message.ts';
import { OUTPUTS, PHOTOS, type TensorForm } from '@swipenet/server/oip/tensors.ts';
import { loadServedModel } from '@swipenet/server/registry/model-registry.ts';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { EMBEDDED_INT8 } from '../support/model-forms.ts';
import { type ModelServer, startModelServer } from '../support/model-server.ts';
import {
  cropsOf,
  expectAgrees,
  expectReplicaAgrees,
  openPeer,
  PEER_MODEL,
  peerClient,
  peerPhotos,
} from '../support/peer-model.ts';
import { pythonPackages } from '../support/python-packages.ts';

// Servers from PyPI whose models are Python. Each runs the model's file with ONNX Runtime. Neither has a route for a
// model's configuration, so the test photos prove the model.

const scratch = mkdtempSync(join(tmpdir(), 'swipenet-model-servers-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const inPython = (name: string) => fileURLToPath(new URL(`python/${name}`, import.meta.url));

/** The models' files by name. */
type Files = Readonly<Record<string, string>>;

interface Peer {
  /** The name of its list of packages. */
  readonly packages: string;
  /** How it accepts tensors. Our engine has to find the first. */
  readonly formats: readonly TensorFormat[];
  /** Returns its command line. */
  readonly command: (python: string, files: Files, port: number) => readonly [string, ...string[]];
  /** Takes the model away from the server. */
  readonly takeAway: (url: string, name: string, file: string) => Promise<void> | void;
  /** What the server says then: of its readiness, and to photos. */
  readonly whenGone: { readonly ready: number; readonly infer: string };
}

const PEERS: readonly (readonly [string, Peer])[] = [
  [
    'KServe’s SDK',
    {
      packages: 'kserve',
      formats: ['binary', 'json'],
      command: (python, files, port) => [
        ...([python, inPython('kserve_models.py'), String(port)] as const),
        ...Object.entries(files).map(([name, file]) => `${name}=${file}`),
      ],
      takeAway: (_url, _name, file) => rmSync(file),
      whenGone: { ready: 503, infer: 'replica_busy' },
    },
  ],
  [
    'MLServer',
    {
      packages: 'mlserver',
      formats: ['json'],
      command: (python, files, port) => [
        ...([join(python, '..', 'mlserver'), 'start'] as const),
        mlserverRepository(files, port),
      ],
      takeAway: async (url, name) => {
        const { status } = await fetch(`${url}/v2/repository/models/${name}/unload`, { method: 'POST' });
        expect(status).toBe(200);
      },
      whenGone: { ready: 404, infer: 'replica_refuses' },
    },
  ],
];

/** Makes a folder with the models and the settings of MLServer. */
function mlserverRepository(files: Files, port: number): string {
  const repository = mkdtempSync(join(scratch, 'repository-'));
  // A worker of its own would outlive a server that is killed. gRPC gets any free port.
  const settings = { host: '127.0.0.1', http_port: port, grpc_port: 0, metrics_endpoint: null, parallel_workers: 0 };
  writeFileSync(join(repository, 'settings.json'), JSON.stringify(settings));
  const form = ({ name, datatype, perPhoto }: TensorForm) => ({ name, datatype, shape: [-1, ...perPhoto] });
  for (const [name, uri] of Object.entries(files)) {
    const model = {
      ...{ name, implementation: 'mlserver_model.FileModel', parameters: { uri } },
      ...{ inputs: [form(PHOTOS)], outputs: [form(OUTPUTS.confidence), form(OUTPUTS.evidence)] },
    };
    mkdirSync(join(repository, name));
    writeFileSync(join(repository, name, 'model-settings.json'), JSON.stringify(model));
  }
  return repository;
}

describe.each(PEERS)('%s', (_name, { packages, formats, command, takeAway, whenGone }) => {
  const installed = pythonPackages(packages, inPython(`${packages}.txt`), true);
  const python = 'python' in installed ? installed.python : '';
  const model = PEER_MODEL.manifest.id;
  const start = (files: Files) =>
    startModelServer((port) => command(python, files, port), model, { PYTHONPATH: inPython('') });

  describe.skipIf(!python)('with the model’s file', () => {
    const { signal } = new AbortController();
    const soon = { priority: 'now', timeoutMs: 8_000, signal } as const;
    const lent = join(scratch, `${packages}.onnx`);
    let server: ModelServer;

    beforeAll(async () => {
      copyFileSync(PEER_MODEL.modelPath, lent);
      const int8 = await loadServedModel([EMBEDDED_MODEL.folder], EMBEDDED_INT8);
      server = await start({ [model]: PEER_MODEL.modelPath, int8: int8.modelPath, lent });
      return server.end;
    });

    it('gives our engine our confidences and evidence, whatever the priority and the deadline', async () => {
      await expectReplicaAgrees(server.url);
      await expectReplicaAgrees(server.url, { priority: 'ahead', until: systemClock.now() + 7_000 });
    });

    it('proves its model by the test photos, and says how it accepts tensors', async () => {
      const proven = await peerClient(server.url).prove(signal);
      expect(proven).toEqual({ name: model, version: undefined, format: formats[0], by: 'photos' });
    });

    it.each(formats)('gives our confidences and evidence in %s', async (format) => {
      const photos = peerPhotos();
      const asked = { name: model, version: undefined, format, by: 'photos' } as const;
      const { photos: results } = await peerClient(server.url).infer(cropsOf(photos), asked, soon);
      await expectAgrees(results, photos);
    });

    it('is refused if the model of that name is another one, even its int8 form', async () => {
      await expect(openPeer(server.url, 'int8')).rejects.toThrow('(replica_model_mismatch)');
    });

    it('has no model that it doesn’t have', async () => {
      const client = peerClient(server.url, 'unknown');
      const unknown = { code: 'replica_not_ready', message: 'it has no ready model named unknown (404)' };
      await expect(client.prove(signal)).rejects.toMatchObject(unknown);
      const asked = { name: 'unknown', version: undefined, format: formats[0]!, by: 'photos' } as const;
      await expect(client.infer(cropsOf(peerPhotos()), asked, soon)).rejects.toMatchObject({ code: 'replica_refuses' });
    });

    it('isn’t ready without its model', async () => {
      const client = peerClient(server.url, 'lent');
      const proven = await client.prove(signal);
      await client.check(proven, signal);
      await takeAway(server.url, 'lent', lent);
      const notReady = { code: 'replica_not_ready', message: `it has no ready model named lent (${whenGone.ready})` };
      await expect(client.check(proven, signal)).rejects.toMatchObject(notReady);
      const refused = { code: whenGone.infer };
      await expect(client.infer(cropsOf(peerPhotos()), proven, soon)).rejects.toMatchObject(refused);
    });
  });

  it.skipIf(!python)('gives no verdict when it is killed, and the reason is named', async () => {
    const { url, kill, end } = await start({ [model]: PEER_MODEL.modelPath });
    onTestFinished(end);
    const engine = await openPeer(url);
    const crops = cropsOf(peerPhotos());
    const many = Array.from({ length: 5 }, () => crops).flat(); // 30 photos, which take it a while
    const first = engine.run(crops.slice(0, 1));
    const others = Promise.allSettled([engine.run(many), engine.run(many)]);
    await first; // it computes one batch after the other
    await kill();
    const lost = expect.stringMatching(/^replica_(connection_lost|unreachable)$/);
    for (const outcome of await others) {
      const reason = { code: 'engine_failed', cause: expect.objectContaining({ code: lost }) };
      expect(outcome).toMatchObject({ status: 'rejected', reason });
    }
    const cause = expect.objectContaining({ code: 'replica_unreachable' });
    await expect(engine.run(crops)).rejects.toMatchObject({ code: 'engine_failed', cause });
    expect(engine.alive).toBe(false);
  });
});
