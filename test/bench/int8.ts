import { readFile } from 'node:fs/promises';
import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import { cores } from '@swipenet/server/config/machine.ts';
import { KEPT_IN_FLOAT } from '@swipenet/server/googlenet/int8-model.ts';
import type { LrnForm } from '@swipenet/server/googlenet/layers.ts';
import { servingGraph } from '@swipenet/server/googlenet/serving-model.ts';
import { centerCrop } from '@swipenet/server/image/preprocess.ts';
import { grayNetwork, readNetwork } from '@swipenet/server/interchange/import-network.ts';
import { encodeModel, type Graph } from '@swipenet/server/onnx/graph-builder.ts';
import { quantizedGroups } from '@swipenet/server/onnx/quantization-groups.ts';
import { quantizeGraph } from '@swipenet/server/onnx/quantize-graph.ts';
import { WEIGHT_LIMITS, type WeightLimits } from '@swipenet/server/onnx/quantize-tensor.ts';
import { calibrate } from '@swipenet/server/quantization/calibrate.ts';
import { faithfulnessOf } from '@swipenet/server/quantization/faithfulness.ts';
import { readQuantizationPhotos } from '@swipenet/server/quantization/quantization-photos.ts';
import { ruleOf } from '@swipenet/server/registry/manifest.ts';
import { loadModel } from '@swipenet/server/registry/model-registry.ts';
import { CALIBRATION_METHODS, type CalibrationMethod } from '@swipenet/server/registry/quantization.ts';
import { openSession } from '@swipenet/server/runtime/session.ts';
import { scoreLevels } from '@swipenet/server/training/evaluation/score-levels.ts';
import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { type Contender, race } from './measure.ts';
import type { Figure } from './report.ts';

/** Options of `npm run bench -- int8`. */
export interface Int8BenchOptions {
  /** A dataset like those for training. */
  readonly data: string;
  /** Number of photos that determine the ranges. */
  readonly calibration: number;
}

/** A way to quantize the model. */
interface Way {
  readonly key: string;
  readonly lrnForm: LrnForm;
  readonly kept: ReadonlySet<string>;
  readonly method: CalibrationMethod;
  readonly weightLimits: WeightLimits;
  /** Whether biases compensate for the shift that rounding the weights causes. */
  readonly shifted: boolean;
}

/** The number of photos for the comparison. */
const EVALUATION_PHOTOS = 400;

const FIRSTS = { firstFloat: KEPT_IN_FLOAT, firstInt8: new Set<string>() };
const WEIGHTS = {
  pairsShifted: { weightLimits: WEIGHT_LIMITS, shifted: true },
  pairs: { weightLimits: WEIGHT_LIMITS, shifted: false },
  bits7: { weightLimits: { single: 64, pair: 129 }, shifted: false },
  bits8: { weightLimits: { single: 127, pair: 255 }, shifted: false },
};
const LRN_FORMS = ['band', 'op', 'channelsLast'] as const satisfies LrnForm[];
const BATCH = 8;

/**
 * Measures what each way to quantize the embedded model loses, and its speed on one thread. The ways combine
 * calibration methods, the first layer, limits of the quantized weights, and forms of local response normalization,
 * which are also measured in float.
 */
export async function int8Bench({ data, calibration }: Int8BenchOptions): Promise<Figure[]> {
  const { manifest, modelPath } = await loadModel([EMBEDDED_MODEL.folder], EMBEDDED_MODEL.id);
  const { preprocessing } = manifest;
  const read = readNetwork(await readFile(modelPath));
  const { weights, mean } = grayNetwork(read);
  const temperature = read.temperature ?? 1;
  const graphs = new Map<LrnForm, Graph>(
    LRN_FORMS.map((lrnForm) => {
      return [lrnForm, servingGraph({ weights, mean, temperature, storage: 'float32', lrnForm })];
    }),
  );
  const photos = await readQuantizationPhotos(data, { calibration, resize: preprocessing.resize, workers: cores });
  const evaluation = photos.evaluation.slice(0, EVALUATION_PHOTOS);
  const crops = photos.calibration.map(({ levels }) => centerCrop(levels));
  const source = graphs.get('channelsLast')!;
  const { histograms, means } = await calibrate(source, crops, { threads: cores });
  const score = async (model: Uint8Array) => {
    const levels = async function* () {
      for (const photo of evaluation) yield photo.levels;
    };
    const likes: number[] = [];
    for await (const like of scoreLevels(model, levels(), cores)) likes.push(like);
    return likes;
  };
  /** Adds entries for the names in all forms of the graph. */
  const named = <T>(entries: Iterable<readonly [string, T]>) =>
    new Map([...entries].flatMap(([name, value]) => [name, name.replace(/\/last$/, '')].map((each) => [each, value])));
  const built = waysOf().map((way) => {
    const { method, lrnForm, kept, weightLimits, shifted } = way;
    const needed = new Set(quantizedGroups(source, kept));
    const known = [...histograms].filter(([name]) => needed.has(name));
    const ranges = named(known.map(([name, histogram]) => [name, histogram.range(method)] as const));
    const options = { ranges, kept, weightLimits, ...(shifted && { means: named(means) }) };
    return { ...way, model: encodeModel(quantizeGraph(graphs.get(lrnForm)!, options)) };
  });
  const parent = await score(encodeModel(graphs.get('band')!));
  const figures: Figure[] = [];
  for (const { key, model } of built) {
    const likes = await score(model);
    const compared = evaluation.map(({ label }, at) => ({
      ...(label && { label }),
      model: likes[at]!,
      parent: parent[at]!,
    }));
    const { auc, largestDifference, meanDifference, changedVerdicts } = faithfulnessOf(
      compared,
      ruleOf(manifest).threshold,
    );
    const figure = (name: string, value: number, unit = '') => ({
      key: `${key}${name}`,
      name: `${key} ${name}`,
      value,
      unit,
    });
    if (auc) figures.push(figure('AucLoss10000', 1e4 * (auc.parent - auc.model)));
    figures.push(
      figure('LargestDifference', 100 * largestDifference, '%'),
      figure('MeanDifference10000', 1e4 * meanDifference),
    );
    figures.push(figure('ChangedVerdicts', 100 * changedVerdicts, '%'));
  }
  return [
    ...figures,
    ...(await speeds(
      built,
      [...graphs].map(([form, graph]) => ({ key: `float.lrn.${form}`, model: encodeModel(graph) })),
    )),
  ];
}

/** Every combination in the form that is served, and the first one in the other forms. */
function waysOf(): Way[] {
  const ways = CALIBRATION_METHODS.flatMap((method) =>
    Object.entries(FIRSTS).flatMap(([first, kept]) =>
      Object.entries(WEIGHTS).map(([weights, { weightLimits, shifted }]): Way => {
        const lrnForm = 'channelsLast';
        return { key: `${method}.${first}.${weights}`, lrnForm, kept, method, weightLimits, shifted };
      }),
    ),
  );
  const others = LRN_FORMS.filter((lrnForm) => lrnForm !== 'channelsLast');
  return [...ways, ...others.map((lrnForm) => ({ ...ways[0]!, key: `${ways[0]!.key}.lrn.${lrnForm}`, lrnForm }))];
}

/**
 * Measures photos per second on one thread for ways that differ in speed, and for float, whose first form is served.
 */
async function speeds(
  built: readonly (Way & { model: Uint8Array })[],
  floats: readonly { key: string; model: Uint8Array }[],
): Promise<Figure[]> {
  const differing = built.filter(({ method, shifted }) => method === 'minmax' && shifted);
  const models = [...floats, ...differing];
  const opened = await Promise.all(
    models.map(async ({ key, model }) => ({ key, session: await openSession({ model, device: 'cpu', threads: 1 }) })),
  );
  const contenders = opened.flatMap(({ key, session }) =>
    [1, BATCH].map((batch): Contender => {
      const inputs = {
        photos: { data: new Uint8Array(batch * CROP_SIZE ** 2).fill(100), shape: [batch, 1, CROP_SIZE, CROP_SIZE] },
      };
      return {
        key: `${key}.batch${batch}`,
        name: `${key}, batch ${batch}`,
        unitsPerRound: batch,
        round: () => session.run(inputs),
      };
    }),
  );
  const measured = await race(contenders, 5);
  await Promise.all(opened.map(({ session }) => session.close()));
  return measured.map(({ key, name, perSecond, medianMs }, index) => {
    const ratio = perSecond / measured[index % 2]!.perSecond;
    return { key, name: `${name} (${ratio.toFixed(2)} × float)`, value: perSecond, unit: 'photos/s', medianMs };
  });
}
