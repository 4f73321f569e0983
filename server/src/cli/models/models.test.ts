// @module-tag slow
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { int8Description } from '../../../../test/support/model-forms.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { EMBEDDED_MODEL } from '../../config/embedded-model.ts';
import { sha256 } from '../../files/sha256.ts';
import { writeActiveModel } from '../../home/active-model.ts';
import { Home } from '../../home/home.ts';
import { publishModel } from '../../registry/model-registry.ts';
import { modelsCommand } from './models.ts';

const about = {
  preprocessing: { resize: 'cover', mean: 114.7 },
  temperature: 1,
  metrics: { auc: 0.987, validationLoss: 0.3 },
  provenance: { description: 'made by a test', command: 'npm test' },
} as const;
const model = { bytes: new Uint8Array(2_500_000), storage: 'float32' } as const;

let home: Home;
beforeEach(async () => {
  home = new Home(temporaryFolder());
  await publishModel(home.models, { ...about, id: 'mine' }, model);
  await publishModel(home.models, { ...about, id: 'begin', classes: 1000 }, model);
});

/** Runs `swipenet models …` and returns what it prints. */
async function models(...parameters: string[]): Promise<string> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    await modelsCommand.parseAsync([...parameters, '--home', home.folder], { from: 'user' });
    return log.mock.calls.flat().join('\n');
  } finally {
    log.mockRestore();
  }
}

describe('swipenet models', () => {
  it('list shows each model with its size and quality, and marks the active one', async () => {
    const list = (await models('list')).split('\n');
    expect(list).toEqual([
      '  base           12.1 MB  1 class (starting point for training)  embedded',
      expect.stringMatching(
        /^ {2}base-int8 {7}6\.1 MB {2}1 class .+ {2}embedded {2}int8 of base \(features of .+; passes the gate\)$/,
      ),
      '  begin           2.5 MB  1000 classes (starting point for training)  auc 0.987',
      '  mine            2.5 MB  NOPE, LIKE  auc 0.987',
      expect.stringMatching(/^\* quality {8}12\.1 MB {2}NOPE, LIKE {2}embedded {2}testAccuracy 0\.\d+ /),
      expect.stringMatching(
        /^ {2}quality-int8 {4}6\.1 MB {2}NOPE, LIKE {2}embedded {2}int8 of quality .+; passes the gate\)$/,
      ),
    ]);
    const { active, models: entries } = JSON.parse(await models('list', '--json'));
    expect(active).toBe('quality');
    expect(entries[2]).toEqual({
      ...{ id: 'begin', active: false, embedded: false, bytes: 2_500_000, classes: 1000 },
      metrics: about.metrics,
      precision: 'fp32',
    });
  });

  it('list and show name an int8 model’s parent, its faithfulness, and whether it passes the gate', async () => {
    const parent = { parent: 'mine', parentSha256: sha256(model.bytes) };
    const int8 = (id: string, changedVerdicts: number) =>
      publishModel(home.models, int8Description(id, parent, { changedVerdicts }), {
        bytes: new Uint8Array(1),
        storage: 'int8',
      });
    await int8('mine-int8', 0.0025);
    await int8('mine-rough', 0.0125);
    const list = await models('list');
    expect(list).toContain(
      'mine-int8       0.0 MB  NOPE, LIKE  int8 of mine (0.25% of 400 verdicts change; passes the gate)',
    );
    const failed = 'fails the gate: 1.25% of verdicts change (limit 1.00%)';
    expect(list).toContain(`int8 of mine (${failed})`);
    const entries = JSON.parse(await models('list', '--json')).models;
    expect(entries.find(({ id }: { id: string }) => id === 'mine-rough')).toMatchObject({
      precision: 'int8',
      quantization: { ...parent, faithfulness: { changedVerdicts: 0.0125 } },
      gateFailures: ['1.25% of verdicts change (limit 1.00%)'],
    });
    const shown = await models('show', 'mine-rough');
    expect(shown).toMatch(/\n {2}int8 of +mine, SHA-256 [\da-f]{64}; calibrated by minmax on 512 photos\n/);
    expect(shown).toContain(`0.0100 on average, 0.1000 at most; ${failed}\n`);
  });

  it('remove leaves a model’s int8 form in place', async () => {
    const parent = { parent: 'mine', parentSha256: sha256(model.bytes) };
    await publishModel(home.models, int8Description('mine-int8', parent), {
      bytes: new Uint8Array(1),
      storage: 'int8',
    });
    await writeActiveModel(home, 'mine-int8');
    await models('remove', 'mine');
    expect(await models('list')).toContain('* mine-int8 ');
    expect(await models('show', 'mine-int8')).toContain('int8 of       mine');
  });

  it('list shows what is wrong with a broken model, and lists the others', async () => {
    writeFileSync(join(home.models, 'mine', 'manifest.json'), '{');
    expect(await models('list')).toMatch(/ mine +manifest\.json of mine is not JSON\n\* quality/);
  });

  it('list reports a damaged model file to people and to programs', async () => {
    writeFileSync(join(home.models, 'mine', 'model.onnx'), 'cut off');
    expect(await models('list')).toMatch(
      / mine +model\.onnx of mine has SHA-256 \w+, but its manifest says .+\n\* quality/,
    );
    const entries = JSON.parse(await models('list', '--json')).models;
    expect(entries[3]).toMatchObject({ id: 'mine', error: { code: 'model_hash_mismatch' } });
  });

  it('show prints the manifest for people, and as it is with --json', async () => {
    expect(await models('show', 'mine')).toMatch(/^mine\n {2}classes +NOPE, LIKE\n(.+\n)+ {2}file .+2\.5 MB, float32/);
    const text = readFileSync(join(home.models, 'mine', 'manifest.json'), 'utf8');
    expect(JSON.parse(await models('show', 'mine', '--json'))).toEqual(JSON.parse(text));
  });

  it('show says how a model decides', async () => {
    expect(await models('show', 'mine')).toMatch(/\n {2}decision +threshold 0\.4; temperature 1\n/);
    const decision = { rule: 'profile', threshold: 0.45, largestShare: 0.7, perLogCount: -0.2 } as const;
    await publishModel(home.models, { ...about, id: 'taste', decision }, model);
    expect(await models('show', 'taste')).toContain(
      'threshold 0.45 for all photos together (0.7 × largest + 0.3 × mean logit + -0.2 × ln(photos)); temperature 1\n',
    );
    expect(JSON.parse(await models('show', 'taste', '--json'))).toMatchObject({ decision });
  });

  it('activate keeps the old model if the new one can’t be opened', async () => {
    await expect(models('activate', 'mine')).rejects.toMatchObject({
      code: 'model_invalid',
      message: expect.stringContaining('can’t open the model mine: '),
    });
    expect(await models('list')).toMatch(/^\* quality /m);
  });

  it('remove rejects the active model until another one is activated', async () => {
    await writeActiveModel(home, 'mine');
    expect(await models('list')).toMatch(/^\* mine /m);
    expect(await models('show', 'mine')).toMatch(/^mine \(active\)\n/);
    await expect(models('remove', 'mine')).rejects.toMatchObject({ code: 'model_protected' });
    expect(await models('activate', 'quality')).toMatch(
      /^quality is now the active model\.\nNo server is running with this home folder\./,
    );
    expect(JSON.parse(await models('activate', 'quality', '--json'))).toEqual({ active: 'quality', server: null });
    expect(JSON.parse(await models('remove', 'mine', '--json'))).toEqual({ removed: 'mine' });
    expect(readdirSync(home.models)).toEqual(['begin']);
  });

  it('activate rejects an initialization and remove rejects the embedded model, and nothing changes', async () => {
    await expect(models('activate', 'begin')).rejects.toMatchObject({ code: 'model_not_served' });
    await expect(models('remove', 'quality')).rejects.toMatchObject({ code: 'model_protected' });
    expect(readdirSync(home.folder)).toEqual(['models']);
  });

  it('list and remove fail if they can’t tell which model is active', async () => {
    writeFileSync(home.activeModel, 'mine');
    await expect(models('list')).rejects.toMatchObject({ code: 'active_model_invalid' });
    await expect(models('remove', 'mine')).rejects.toMatchObject({ code: 'active_model_invalid' });
  });

  it.each(['quality', 'base'])(
    'export writes %s without overwriting anything, and importing it gives the same model',
    async (model) => {
      const out = join(home.folder, 'backup');
      expect(await models('export', model, '--out', out)).toBe(out);
      await expect(models('export', model, '--out', out)).rejects.toMatchObject({
        code: 'output_unusable',
        message: `${out} already exists`,
      });
      const imported = JSON.parse(await models('import', out, '--id', 'again', '--json'));
      const { id, provenance, ...original } = JSON.parse(await models('show', model, '--json'));
      expect(imported).toMatchObject({ ...original, id: 'again' });
      expect(imported.provenance.description).toBe(provenance.description);
      await expect(models('import', out, '--id', 'again')).rejects.toMatchObject({ code: 'model_exists' });
    },
  );

  it('import and quantize never replace a model that comes with Swipenet', async () => {
    const out = join(home.folder, 'quality.onnx');
    await models('export', 'quality', '--out', out);
    const taken = (id: string) => ({
      code: 'model_exists',
      message: expect.stringContaining(`the ID ${id} belongs to a model that comes with Swipenet`),
    });
    await expect(models('import', out)).rejects.toMatchObject(taken('quality'));
    await expect(models('import', out, '--id', 'quality-int8')).rejects.toMatchObject(taken('quality-int8'));
    const quantize = ['quantize', 'quality', '--calibrate', join(home.folder, 'no-photos')];
    await expect(models(...quantize)).rejects.toMatchObject(taken('quality-int8'));
    await expect(models(...quantize, '--name', 'quality')).rejects.toMatchObject(taken('quality'));
    await expect(models(...quantize, '--folder', EMBEDDED_MODEL.folder, '--name', 'new')).rejects.toMatchObject({
      code: 'path_missing', // the ID is free, so only the photos are missing
    });
    expect(readdirSync(home.models)).toEqual(['begin', 'mine']);
  });

  it('explains what a number of photos or an ID must be', async () => {
    const refusal = (message: string) => ({ code: 'option_invalid', message });
    await expect(models('quantize', 'mine', '--calibrate', home.folder, '--photos', '0')).rejects.toMatchObject(
      refusal('--photos: must be a whole number from 4 to 10000'),
    );
    await expect(models('show', 'Mine')).rejects.toMatchObject({
      code: 'option_invalid',
      message: expect.stringMatching(/^"Mine" is not a valid ID: a model ID has 1 to 64 characters [^✖]+$/),
    });
  });

  it('export --json reports the model and the path', async () => {
    const out = join(home.folder, 'quality.onnx');
    const exported = JSON.parse(await models('export', 'quality', '--out', out, '--json'));
    expect(exported).toEqual({ exported: 'quality', out });
  });

  it.each([
    ['--mean', '300', 'must be one level from 0 to 255, or three separated by commas'],
    ['--mean', '1,2', 'must be one level from 0 to 255, or three separated by commas'],
    ['--std', '0', 'must be one number from 0.001 to 1000, or three separated by commas'],
    ['--id', '../x', 'a model ID has 1 to 64 characters'],
    ['--temperature', '0', 'must be a number from 0.01 to 100'],
    ['--metric', 'auc', 'must be name=number'],
  ])('import names the invalid flag: %s %s', async (flag, value, message) => {
    await expect(models('import', home.folder, flag, value)).rejects.toMatchObject({
      code: 'option_invalid',
      message: expect.stringContaining(`${flag}: ${message}`),
    });
  });

  it('import parses levels, temperature and metrics as numbers, and records the command without folders', async () => {
    const out = join(home.folder, 'quality.onnx');
    const figures = ['--temperature', '1.5', '--metric', 'auc=0.9', 'accuracy=0.8'];
    await models('export', 'quality', '--out', out);
    const manifest = JSON.parse(await models('import', out, '--id', 'again', ...figures, '--json'));
    expect(manifest).toMatchObject({ temperature: 1.5, metrics: { auc: 0.9, accuracy: 0.8 } });
    expect(manifest.provenance.command).toBe('swipenet models import quality.onnx --id again --temperature 1.5');
  });

  it('import of a folder’s model.onnx suggests importing the folder', async () => {
    const out = join(home.folder, 'backup');
    await models('export', 'quality', '--out', out);
    await expect(models('import', join(out, 'model.onnx'), '--id', 'again')).rejects.toMatchObject({
      code: 'option_invalid',
      message: `--resize is required: how the model’s photos are made square; to use the manifest.json next to the file, import the folder ${out}`,
    });
  });

  it('export to safetensors and import reject an int8 model and name its parent', async () => {
    const refusal = {
      code: 'weights_invalid',
      message: expect.stringContaining('; use quality, the model it was made from'),
    };
    const out = join(home.folder, 'small.onnx');
    await expect(
      models('export', 'quality-int8', '--out', join(home.folder, 'small.safetensors')),
    ).rejects.toMatchObject(refusal);
    await models('export', 'quality-int8', '--out', out);
    await expect(models('import', out, '--id', 'again')).rejects.toMatchObject(refusal);
    await expect(models('import', join(EMBEDDED_MODEL.folder, 'quality-int8'), '--id', 'again')).rejects.toMatchObject(
      refusal,
    );
  });

  it('export never overwrites a file', async () => {
    const out = join(home.folder, 'model.onnx');
    writeFileSync(out, 'mine');
    await expect(models('export', 'mine', '--out', out)).rejects.toMatchObject({ code: 'output_unusable' });
    await expect(models('export', 'mine', '--out', join(home.folder, 'no', 'model.onnx'))).rejects.toThrow('ENOENT');
    await expect(models('export', 'mine', '--out', join(out, 'folder'))).rejects.toThrow(
      `can’t write to ${out} (ENOTDIR)`,
    );
    expect([readFileSync(out, 'utf8'), readdirSync(home.folder).toSorted()]).toEqual([
      'mine',
      ['model.onnx', 'models'],
    ]);
  });

  it.each(['mine.zip', 'mine.bin', 'mine.ONNX', 'v1.2'])('export rejects the unknown file type of %s', async (name) => {
    await expect(models('export', 'mine', '--out', join(home.folder, name))).rejects.toMatchObject({
      code: 'option_invalid',
      message: expect.stringContaining(
        '--out: must be NAME.onnx, NAME.safetensors, or a folder (without an extension, or ending in /)',
      ),
    });
    expect(readdirSync(home.folder)).toEqual(['models']);
    await models('export', 'mine', '--out', join(home.folder, name, '/'));
    expect(readdirSync(join(home.folder, name)).toSorted()).toEqual(['manifest.json', 'model.onnx']);
  });

  it('export for Triton prints the model’s folder, and explains the flags that don’t fit', async () => {
    const out = join(home.folder, 'repository');
    expect(await models('export', 'quality', '--for', 'triton', '--out', out)).toBe(join(out, 'quality'));
    await expect(models('export', 'mine', '--for', 'triton', '--out', out)).rejects.toMatchObject({
      code: 'model_invalid',
    });
    expect(readdirSync(out)).toEqual(['quality']);
    const refusal = (message: string) => ({ code: 'option_invalid', message });
    await expect(models('export', 'mine', '--for', 'triton', '--out', 'x.onnx')).rejects.toMatchObject(
      refusal('--out: must be a folder with --for triton, got "x.onnx"'),
    );
    await expect(models('export', 'mine', '--tensorrt', 'fp16', '--out', out)).rejects.toMatchObject(
      refusal('--tensorrt: needs --for triton'),
    );
  });

  it('fetch names the address it can’t reach, and changes nothing', async () => {
    const url = 'http://127.0.0.1:1/model.onnx';
    await expect(models('fetch', 'bvlc', '--url', url)).rejects.toMatchObject({
      code: 'fetch_failed',
      message: expect.stringContaining(`can’t reach ${url}`),
    });
    expect(readdirSync(home.models)).toEqual(['begin', 'mine']);
  });
});
