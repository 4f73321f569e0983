// @module-tag slow
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ARTICLE_RULE, type DecisionRule } from '@swipenet/shared/decision.ts';
import { describe, expect, it } from 'vitest';
import { foreignGoogLeNet } from '../../../test/support/foreign-googlenet.ts';
import { seededRandom, uniform } from '../../../test/support/random.ts';
import { randomWeights } from '../../../test/support/random-weights.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { sha256 } from '../files/sha256.ts';
import { writeSafetensors } from '../googlenet/safetensors.ts';
import { buildServingModel } from '../googlenet/serving-model.ts';
import { parameterShapes, type WeightTensor } from '../googlenet/weights.ts';
import { publishModel } from '../registry/model-registry.ts';
import { MANIFEST_KEY } from './export-file.ts';
import { exportNetwork } from './export-network.ts';
import { fetchModel } from './fetch-model.ts';
import { describeImport, type ImportChoices } from './import-model.ts';
import { readImportSource } from './import-source.ts';
import type { OpenUrl } from './plain-request.ts';

const weights = randomWeights(3);
const fileOf = (tensors: ReadonlyMap<string, WeightTensor>) => Buffer.concat(writeSafetensors(tensors));
const described: ImportChoices = { id: 'mine', resize: 'cover', description: 'made by a test' };
const importing = (bytes: Uint8Array, choices: ImportChoices = {}) =>
  describeImport({ bytes }, { ...described, ...choices }, 'npm test');
/** The same for a network with two classes, whose order has to be stated. */
const importingTwo = (bytes: Uint8Array, choices: ImportChoices = {}) =>
  importing(bytes, { classes: 'NOPE,LIKE', ...choices });

/** The same network for color photos, with the given number of classes. */
function colorTensors(classes: number): Map<string, WeightTensor> {
  const random = seededRandom(8);
  const fresh = [...parameterShapes(3, classes)].filter(
    ([name, shape]) => weights.get(name)?.shape.join() !== shape.join(),
  );
  const tensors = fresh.map(([name, shape]): [string, WeightTensor] => {
    const count = shape.reduce((product, size) => product * size, 1);
    return [name, { shape, data: uniform(random, count, 0.01) }];
  });
  return new Map([...weights, ...tensors]);
}

const TOGETHER: DecisionRule = { rule: 'profile', threshold: 0.45, largestShare: 0.7, perLogCount: -0.2 };

describe('an exported model', () => {
  const mean = Float32Array.from({ length: 224 * 224 }, (_, pixel) => pixel % 200);

  it.each([
    ['onnx', 114.7, 'float16', { threshold: 0.6 }],
    ['safetensors', mean, 'float32', { decision: { ...ARTICLE_RULE, threshold: 0.6 } }],
    ['onnx', 114.7, 'float32', { decision: TOGETHER }],
  ] as const)(
    'is imported from %s without flags as the same bytes, and rejects flags that contradict it',
    async (format, subtracted, storage, decision) => {
      const temperature = 1.37;
      const bytes = buildServingModel({ weights, mean: subtracted, temperature, storage });
      const about = {
        id: 'mine',
        preprocessing: {
          resize: 'squash' as const,
          mean: typeof subtracted === 'number' ? subtracted : ('image' as const),
        },
        ...decision,
        temperature,
        metrics: { auc: 0.9 },
        provenance: { description: 'made by a test', command: 'npm test' },
      };
      const manifest = await publishModel(temporaryFolder(), about, { bytes, storage });
      const file = Buffer.concat(exportNetwork(bytes, format, { [MANIFEST_KEY]: JSON.stringify(manifest) }));
      const imported = describeImport({ bytes: file }, {}, 'npm test');
      expect(sha256(buildServingModel(imported.network))).toBe(manifest.model.sha256);
      expect(imported.about).toEqual({ ...about, provenance: { ...about.provenance, sourceSha256: sha256(file) } });
      const again = (choices: ImportChoices) => describeImport({ bytes: file }, choices, 'npm test').about;
      expect(again({ classes: 'NOPE,LIKE', resize: 'squash' })).toEqual(imported.about);
      const rejection = (message: string) => expect.objectContaining({ code: 'option_invalid', message });
      expect(() => again({ classes: 'LIKE,NOPE' })).toThrow(
        rejection('--classes contradicts the file, whose classes are in the order NOPE,LIKE; leave the flag out'),
      );
      expect(() => again({ resize: 'cover' })).toThrow(
        rejection('--resize contradicts the file, whose photos are resized with squash; leave the flag out'),
      );
    },
  );
});

describe('an import', () => {
  it('of a color network with other classes becomes an initialization for gray photos', () => {
    const { about, network } = importing(fileOf(colorTensors(7)), { mean: [104, 117, 123] });
    expect(about).toMatchObject({ classes: 7, preprocessing: { mean: 115 }, metrics: {} });
    expect(about).not.toHaveProperty('threshold');
    expect(about).not.toHaveProperty('decision');
    expect(network.weights.get('conv1/7x7_s2.weight')?.shape).toEqual([64, 1, 7, 7]);
  });

  const firstLayer = (file: Uint8Array, choices: ImportChoices) => {
    const { weights: imported, mean } = importingTwo(file, choices).network;
    const [weight, bias] = ['weight', 'bias'].map((kind) => [...imported.get(`conv1/7x7_s2.${kind}`)!.data]);
    return { weight, bias, mean };
  };
  const expectNear = (found: ReturnType<typeof firstLayer>, expected: ReturnType<typeof firstLayer>) => {
    expect(found.mean).toBeCloseTo(expected.mean as number, 4);
    for (const kind of ['weight', 'bias'] as const) {
      const difference = found[kind]!.map((number, index) => Math.abs(number - expected[kind]![index]!));
      expect(Math.max(...difference)).toBeLessThan(1e-4);
    }
  };

  it('takes the means of a color network in the network’s order', () => {
    const file = fileOf(colorTensors(2));
    const [bgr, rgb] = [
      [104, 117, 123],
      [123, 117, 104],
    ];
    expect(firstLayer(file, { mean: bgr })).not.toEqual(firstLayer(file, { mean: rgb }));
    expect(firstLayer(file, { mean: bgr })).toEqual(firstLayer(file, { mean: bgr, channels: 'bgr' }));
    expect(() => importing(fileOf(weights), { mean: [1], classes: 'NOPE,LIKE', channels: 'rgb' })).toThrow(
      '--channels is for color networks, but this one takes gray photos',
    );
  });

  it('turns levels from 0 to 1, and a division, into weights for gray levels', () => {
    const [mean, std] = [
      [0.485, 0.456, 0.406],
      [0.229, 0.224, 0.225],
    ];
    const tensors = colorTensors(2);
    const { shape, data } = tensors.get('conv1/7x7_s2.weight')!;
    const divided = data.map((number, index) => number / (255 * std[Math.floor(index / 49) % 3]!));
    const gray = fileOf(new Map([...tensors, ['conv1/7x7_s2.weight', { shape, data: divided }]]));
    expectNear(
      firstLayer(fileOf(tensors), { mean, std, range: '0-1' }),
      firstLayer(gray, { mean: mean.map((level) => 255 * level) }),
    );
    expectNear(firstLayer(fileOf(weights), { mean: [127.5], std: [127.5] }), {
      ...firstLayer(fileOf(weights), { mean: [127.5] }),
      weight: [...weights.get('conv1/7x7_s2.weight')!.data].map((number) => number / 127.5),
    });
  });

  it('subtracts the average of the mean images of a color network', () => {
    const image = (level: number) => Float32Array.from({ length: 224 ** 2 }, (_, pixel) => level + (pixel % 7));
    const data = Float32Array.from([...image(90), ...image(100), ...image(110)]);
    const file = fileOf(new Map([...colorTensors(2), ['mean', { shape: [3, 224, 224], data }]]));
    const { network, about } = importingTwo(file);
    expect(about.preprocessing.mean).toBe('image');
    expect(network.mean).toEqual(image(100));
  });

  it('with LIKE first swaps the network’s classes', () => {
    const { weights: swapped } = importingTwo(fileOf(weights), { mean: [100], classes: 'LIKE,NOPE' }).network;
    for (const [name, { data }] of weights) {
      const half = name.startsWith('loss3/') ? data.length / 2 : 0;
      const [first, last] = [swapped.get(name)!.data[0], swapped.get(name)!.data.at(-1)];
      expect([first, last]).toEqual([data[half], half > 0 ? data[half - 1] : data.at(-1)]);
    }
  });

  it('accepts the four sizes that tensors have in old Caffe files', () => {
    const four = [...weights].map(([name, { shape, data }]) => {
      return [name, { shape: [...Array(4 - shape.length).fill(1), ...shape], data }] as const;
    });
    expect(importingTwo(fileOf(new Map(four)), { mean: [100] }).network.weights).toEqual(weights);
  });

  it('drops auxiliary classifiers', () => {
    const heads = new Map([...weights, ['loss1/fc.bias', { shape: [1], data: Float32Array.of(1) }]]);
    expect([...importingTwo(fileOf(heads), { mean: [100] }).network.weights.keys()]).toEqual([...weights.keys()]);
  });

  const without = (name: string) => new Map([...weights].filter(([other]) => other !== name));
  it.each<[string, () => Uint8Array, ImportChoices, string, string]>([
    [
      'a missing tensor',
      () => fileOf(without('inception_4a/5x5.bias')),
      { mean: [1] },
      'weights_invalid',
      'the tensor inception_4a/5x5.bias is missing',
    ],
    [
      'an unknown tensor',
      () => fileOf(new Map([...weights, ['fc.bias', { shape: [1], data: Float32Array.of(1) }]])),
      { mean: [1] },
      'weights_invalid',
      'fc.bias is not part of GoogLeNet',
    ],
    [
      'a different network',
      () => foreignGoogLeNet({ channels: 1, classes: 2 }).bytes,
      { mean: [1] },
      'weights_invalid',
      'the tensor conv1/7x7_s2.weight has shape [4,1,7,7], expected [64,1,7,7]',
    ],
    [
      'a file of another type',
      () => Buffer.from('GIF89a and more bytes'),
      {},
      'weights_invalid',
      'neither a safetensors file nor an ONNX model',
    ],
    ['no mean for gray photos', () => fileOf(weights), {}, 'option_invalid', '--mean is required'],
    [
      'a mean although the file has one',
      () => buildServingModel({ weights, mean: 1, temperature: 1, storage: 'float32' }),
      { mean: [1] },
      'option_invalid',
      'the file already has a mean',
    ],
    [
      'no order of the classes',
      () => fileOf(weights),
      { mean: [1], classes: undefined },
      'option_invalid',
      '--classes is required: the order of the two classes, NOPE,LIKE or LIKE,NOPE',
    ],
    ['no mean for color photos', () => fileOf(colorTensors(2)), {}, 'option_invalid', '--mean is required'],
    [
      'a mean that fits two ranges',
      () => fileOf(colorTensors(2)),
      { mean: [0.485, 0.456, 0.406] },
      'option_invalid',
      '--range is required: a mean below 1 fits levels from 0 to 255 (0-255) and from 0 to 1 (0-1)',
    ],
    ['no mean is subtracted, but from which levels', () => fileOf(weights), { mean: [0] }, 'option_invalid', '--range'],
    [
      'a mean in the file that fits two ranges',
      () => fileOf(new Map([...weights, ['mean', { shape: [1], data: Float32Array.of(0.45) }]])),
      {},
      'option_invalid',
      '--range is required',
    ],
    [
      'levels from 0 to 1 without a divisor',
      () => fileOf(weights),
      { mean: [0.45], range: '0-1' },
      'option_invalid',
      '--std is required: what photos are divided by',
    ],
    [
      'a mean in another range',
      () => fileOf(weights),
      { mean: [104], range: '0-1', std: [1] },
      'option_invalid',
      '--range 0-1 contradicts the mean',
    ],
    ['no resize', () => fileOf(weights), { mean: [1], resize: undefined }, 'option_invalid', '--resize is required'],
    [
      'an order for classes that are not two',
      () => fileOf(colorTensors(7)),
      { classes: 'LIKE,NOPE', mean: [1] },
      'weights_invalid',
      'only two classes can be swapped',
    ],
  ])('says what is wrong: %s', (_what, bytes, choices, code, message) => {
    expect(() => importingTwo(bytes(), choices)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it('names the path if it does not exist or is not a model', async () => {
    await expect(readImportSource(join(temporaryFolder(), 'gone'))).rejects.toMatchObject({ code: 'path_missing' });
    await expect(readImportSource(temporaryFolder())).rejects.toMatchObject({ code: 'model_missing' });
    const picture = join(temporaryFolder(), 'cat.gif');
    await writeFile(picture, 'GIF89a and more bytes');
    const source = await readImportSource(picture);
    expect(() => describeImport(source, described, 'npm test')).toThrow(
      `${picture} is neither a safetensors file nor an ONNX model`,
    );
  });
});

describe('fetching a model', () => {
  const bytes = fileOf(colorTensors(7));
  const known = {
    id: 'public',
    file: { url: 'https://example.org/x', bytes: bytes.length, sha256: sha256(bytes) },
    description: 'public',
  };

  const answering =
    (content: Uint8Array): OpenUrl =>
    async () => ({
      status: 200,
      encoding: undefined,
      body: new Blob([Buffer.from(content)]).stream(),
      cancel: () => {},
    });

  it('publishes it as an initialization', async () => {
    const models = temporaryFolder();
    const manifest = await fetchModel(known, models, { open: answering(bytes) });
    expect(manifest).toMatchObject({ id: 'public', classes: 7, preprocessing: { resize: 'squash' } });
    expect(JSON.parse(await readFile(join(models, 'public', 'manifest.json'), 'utf8'))).toEqual(manifest);
  });

  it('changes nothing if the download fails or is not a GoogLeNet', async () => {
    const models = join(temporaryFolder(), 'models');
    await mkdir(models);
    await writeFile(join(models, 'note'), '');
    const fails = fetchModel(known, models, { open: async () => Promise.reject(new Error('no network')) });
    await expect(fails).rejects.toMatchObject({ code: 'fetch_failed' });
    const other = Buffer.from('not a network, but with the announced hash');
    const file = { ...known.file, bytes: other.length, sha256: sha256(other) };
    const wrong = fetchModel({ ...known, file }, models, { open: answering(other) });
    await expect(wrong).rejects.toMatchObject({ code: 'weights_invalid' });
    expect(await readdir(models)).toEqual(['note']);
  });
});
