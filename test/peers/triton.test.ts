import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startModelServer } from '../support/model-server.ts';
import {
  expectReplicaAgrees,
  expectSame,
  openPeer,
  ownOutputs,
  PEER_MODEL,
  peerPhotos,
} from '../support/peer-model.ts';
import { pythonPackages } from '../support/python-packages.ts';
import { RealServer } from '../support/real-server.ts';
import { runSwipenet } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// Triton's own server, client and protobuf definition, from PyPI. The server is the one of nvidia-pytriton, which has only
// the Python backend: it runs the exported file with ONNX Runtime, and everything else in the configuration is Triton's.

const inPython = (name: string) => fileURLToPath(new URL(`python/${name}`, import.meta.url));
const packages = pythonPackages('triton', inPython('triton.txt'));
const python = 'python' in packages ? packages.python : '';

const run = (...parameters: string[]) =>
  JSON.parse(execFileSync(python, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));

async function exported(...flags: string[]): Promise<string> {
  const repository = join(temporaryFolder(), 'repository');
  const command = ['models', 'export', PEER_MODEL.manifest.id, '--for', 'triton', '--out', repository, ...flags];
  const { code, stderr } = await runSwipenet(command, { home: temporaryFolder() }).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return repository;
}

/** Has the Python backend run an export until the end of the test. `change` changes its configuration. */
async function startTriton(change = (config: string) => config): Promise<string> {
  const repository = await exported();
  const model = join(repository, PEER_MODEL.manifest.id);
  const config = join(model, 'config.pbtxt');
  writeFileSync(config, change(readFileSync(config, 'utf8').replace('"onnxruntime"', '"python"')));
  copyFileSync(inPython('triton_model.py'), join(model, '1', 'model.py'));
  copyFileSync(inPython('network.py'), join(model, '1', 'network.py'));
  const [triton, version] = run(
    '-c',
    'import json, os, pytriton, sys; print(json.dumps([os.path.dirname(pytriton.__file__), "%d.%d" % sys.version_info[:2]]))',
  );
  const server = join(triton, 'tritonserver');
  const backends = temporaryFolder();
  mkdirSync(join(backends, 'python'));
  const files = [join(server, 'backends', 'python'), join(server, 'python_backend_stubs', version)];
  for (const folder of files) {
    for (const name of readdirSync(folder)) symlinkSync(join(folder, name), join(backends, 'python', name));
  }
  const environment = join(python, '..', '..');
  const { url, end } = await startModelServer(
    (port) => [
      join(server, 'bin', 'tritonserver'),
      ...['--model-repository', repository, '--backend-directory', backends],
      ...['--http-address', '127.0.0.1', '--http-port', String(port), '--allow-grpc', 'false'],
      ...['--allow-metrics', 'false'],
    ],
    PEER_MODEL.manifest.id,
    { VIRTUAL_ENV: environment, PATH: `${join(environment, 'bin')}:${process.env.PATH}` },
  );
  onTestFinished(end);
  return url;
}

describe.skipIf(!python)('Triton', () => {
  it('reads the configuration of an export as it was meant', async () => {
    const repository = await exported('--tensorrt', 'fp16');
    const folder = join(repository, PEER_MODEL.manifest.id);
    const config = run(inPython('read_config.py'), join(folder, 'config.pbtxt'));
    expect(config).toMatchObject({
      ...{ name: 'quality', backend: 'onnxruntime', max_batch_size: 32 },
      input: [{ name: 'photos', data_type: 'TYPE_UINT8', dims: ['1', '224', '224'] }],
      instance_group: [{ count: 1, kind: 'KIND_GPU' }],
      dynamic_batching: {
        ...{ priority_levels: '2', default_priority_level: '1' },
        // REJECT is protobuf's default, which it leaves out.
        default_queue_policy: {
          ...{ default_timeout_microseconds: '8000000', allow_timeout_override: true, max_queue_size: 1024 },
        },
      },
      parameters: { swipenet_sha256: { string_value: PEER_MODEL.manifest.model.sha256 } },
    });
    const [confidence, ...more] = config.output;
    expect(confidence).toMatchObject({ name: 'confidence', dims: ['2'], label_filename: 'labels.txt' });
    expect(existsSync(join(folder, confidence.label_filename))).toBe(true);
    expect(more.map(({ name, dims }: { name: string; dims: string[] }) => [name, ...dims])).toEqual([
      ['evidence', '7', '7'],
      ['features', '1856'],
    ]);
    expect(config.model_warmup.map((warm: { batch_size: number }) => warm.batch_size)).toEqual([1, 32]);
    const [accelerator] = config.optimization.execution_accelerators.gpu_execution_accelerator;
    expect(accelerator).toMatchObject({
      name: 'tensorrt',
      parameters: { precision_mode: 'FP16', trt_profile_max_shapes: 'photos:32x1x224x224' },
    });
  });

  it('serves an export to our engine, with our confidences and evidence', async () => {
    await expectReplicaAgrees(await startTriton());
  });

  it('is refused if its configuration names another file', async () => {
    const { sha256 } = PEER_MODEL.manifest.model;
    const url = await startTriton((config) => config.replace(sha256, '0'.repeat(64)));
    await expect(openPeer(url)).rejects.toThrow('replica_model_mismatch');
  });
});

describe.skipIf(!python)('Triton’s client', () => {
  it('gets our confidences from our endpoint, as bytes and as JSON, and understands its errors', async () => {
    const server = await RealServer.start(['--precision', 'fp32']);
    onTestFinished(() => server.remove());
    const photos = peerPhotos();
    const file = join(temporaryFolder(), 'photos.bin');
    writeFileSync(file, photos);
    const said = run(inPython('triton_client.py'), new URL(server.url).host, server.token, file, 'swipenet');
    const { confidence, evidence } = await ownOutputs(photos);
    for (const format of ['binary', 'json']) {
      expectSame(said[format].confidence, confidence);
      expectSame(said[format].evidence, evidence);
    }
    expect(said).toMatchObject({
      ...{ live: true, ready: true, modelReady: true, otherReady: false },
      server: { name: 'swipenet', extensions: expect.arrayContaining(['binary_tensor_data']) },
      metadata: { name: 'swipenet', inputs: [{ name: 'photos', datatype: 'UINT8', shape: [-1, 1, 224, 224] }] },
      config: { parameters: { swipenet_sha256: { string_value: PEER_MODEL.manifest.model.sha256 } } },
      withoutToken: ['401', expect.any(String)],
      otherModel: ['404', expect.stringContaining('swipenet')],
      tooMany: ['400', 'the request has more than 32 photos'],
      otherShape: ['400', expect.stringContaining('[N, 1, 224, 224]')],
    });
  });
});
