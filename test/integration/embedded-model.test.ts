import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import { decodePhoto } from '@swipenet/server/image/decoding/decode.ts';
import type { GrayLevels } from '@swipenet/server/image/photo-bytes.ts';
import { int8IdOf } from '@swipenet/server/quantization/publish-int8.ts';
import { isServed, loadModel } from '@swipenet/server/registry/model-registry.ts';
import { gateFailures } from '@swipenet/server/registry/quantization.ts';
import { type EvaluatedPhoto, photoMetrics } from '@swipenet/server/training/evaluation/metrics.ts';
import { scoreLevels } from '@swipenet/server/training/evaluation/score-levels.ts';
import { generatedSet } from '@swipenet/server/training/quality/generated-set.ts';
import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { describe, expect, it } from 'vitest';
import { EMBEDDED_INT8 } from '../support/model-forms.ts';

describe('the embedded model that scores', () => {
  it('names the command, dataset, commit and initial weights that it was trained with', async () => {
    const { manifest } = await loadModel([EMBEDDED_MODEL.folder], EMBEDDED_MODEL.id);
    const { command, commit, dataIndexSha256, sourceSha256 } = manifest.provenance;
    expect(command).toMatch(/^npm run train:default -- /);
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    expect([dataIndexSha256, sourceSha256]).toEqual([
      expect.stringMatching(/^[0-9a-f]{64}$/),
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ]);
  });

  it('meets its quality targets: AUC 0.99 on people, AUC 0.97 on other photos, calibration error 0.03', async () => {
    const { manifest } = await loadModel([EMBEDDED_MODEL.folder], EMBEDDED_MODEL.id);
    const { portraitsAuc, flowersAuc, testEce, testPhotos } = manifest.metrics;
    expect(portraitsAuc).toBeGreaterThanOrEqual(0.99);
    expect(flowersAuc).toBeGreaterThanOrEqual(0.97);
    expect(testEce).toBeLessThanOrEqual(0.03);
    expect(testPhotos).toBeGreaterThanOrEqual(2000);
  });

  it('has an int8 form of at most 6.5 MB that passes the gate', async () => {
    const { manifest } = await loadModel([EMBEDDED_MODEL.folder], EMBEDDED_MODEL.id);
    const int8 = await loadModel([EMBEDDED_MODEL.folder], EMBEDDED_INT8);
    const { quantization, model } = int8.manifest;
    expect(quantization!.parentSha256).toBe(manifest.model.sha256);
    expect(quantization!.faithfulness.photos).toBeGreaterThanOrEqual(2000);
    expect(gateFailures(quantization!.faithfulness)).toEqual([]);
    expect(model.bytes).toBeLessThanOrEqual(6_500_000);
  });

  it('reproduces its manifest’s metrics on the generated set, and so does its int8 form', async () => {
    const photos: (Pick<EvaluatedPhoto, 'label'> & { levels: GrayLevels })[] = [];
    for await (const { bytes, label } of generatedSet())
      photos.push({ label, levels: await decodePhoto(bytes, 'cover') });
    const judgedBy = async (id: string) => {
      const { modelPath, manifest } = await loadModel([EMBEDDED_MODEL.folder], id);
      const judged: EvaluatedPhoto[] = [];
      const levels = async function* () {
        for (const photo of photos) yield photo.levels;
      };
      for await (const like of scoreLevels(await readFile(modelPath), levels(), availableParallelism())) {
        judged.push({ label: photos[judged.length]!.label, like });
      }
      return { manifest, judged, ...photoMetrics(judged, DEFAULT_THRESHOLD) };
    };
    const float = await judgedBy(EMBEDDED_MODEL.id);
    const { generatedPhotos, generatedAuc, generatedAccuracy } = float.manifest.metrics;
    expect(float.count).toBe(generatedPhotos);
    // Libraries round differently on other machines. That may change the label of a photo or two, but not more.
    expect(Math.abs(float.auc! - generatedAuc!)).toBeLessThanOrEqual(0.01);
    expect(Math.abs(float.accuracy - generatedAccuracy!)).toBeLessThanOrEqual(2 / photos.length);

    const int8 = await judgedBy(EMBEDDED_INT8);
    expect(Math.abs(int8.auc! - float.auc!)).toBeLessThanOrEqual(0.01);
    expect(Math.abs(int8.accuracy - float.accuracy)).toBeLessThanOrEqual(2 / photos.length);
  });
});

describe('the embedded model to learn on', () => {
  const load = (id: string) => loadModel([EMBEDDED_MODEL.folder], id);

  it('has at most 13 MB, can’t score, and says where heads go', async () => {
    const { manifest } = await load(EMBEDDED_MODEL.base);
    expect(isServed(manifest)).toBe(false);
    expect(manifest.model.bytes).toBeLessThanOrEqual(13_000_000);
    expect(manifest.spareFilters!.largestMean).toBeGreaterThan(0);
    expect(manifest.provenance.command).toMatch(/^npm run train:base -- /);
    expect(manifest.provenance.sourceSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(manifest.provenance.commit).toMatch(/^[0-9a-f]{40}$/);
  });

  it('has an int8 form with the same place for heads, whose features are faithful on 2,000 photos', async () => {
    const [{ manifest }, int8] = [await load(EMBEDDED_MODEL.base), await load(int8IdOf(EMBEDDED_MODEL.base))];
    const { quantization, spareFilters, model } = int8.manifest;
    expect(quantization!.parentSha256).toBe(manifest.model.sha256);
    expect(spareFilters).toEqual(manifest.spareFilters);
    expect(quantization!.faithfulness).toHaveProperty('featureError');
    expect(quantization!.faithfulness.photos).toBeGreaterThanOrEqual(1700);
    expect(gateFailures(quantization!.faithfulness)).toEqual([]);
    expect(model.bytes).toBeLessThanOrEqual(6_500_000);
  });
});
