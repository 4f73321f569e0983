import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { int8Description } from '../../../../test/support/model-forms.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { EMBEDDED_MODEL } from '../../config/embedded-model.ts';
import { sha256 } from '../../files/sha256.ts';
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

/** What `swipenet models …` prints. */
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
  it('list says which are there, which is active, how large and how good each is', async () => {
    const list = (await models('list')).split('\n');
    expect(list).toEqual([
      '  begin           2.5 MB  1000 classes, an initialization  auc 0.987',
      '  mine            2.5 MB  NOPE, LIKE  auc 0.987',
      expect.stringMatching(/^\* quality {8}12\.1 MB {2}NOPE, LIKE {2}embedded {2}testAccuracy 0\.\d+ /),
      expect.stringMatching(
        /^ {2}quality-int8 {4}6\.1 MB {2}NOPE, LIKE {2}embedded {2}int8 of quality .+; passes the gate\)$/,
      ),
    ]);
    const { active, models: entries } = JSON.parse(await models('list', '--json'));
    expect(active).toBe('quality');
    expect(entries[0]).toEqual({
      ...{ id: 'begin', active: false, embedded: false, bytes: 2_500_000, classes: 1000 },
      metrics: about.metrics,
      precision: 'fp32',
    });
  });

  it('list and show say of an int8 model whose form it is, how faithful, and whether it passes the gate', async () => {
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
      'mine-int8       0.0 MB  NOPE, LIKE  int8 of mine (0.25 % of 400 verdicts change; passes the gate)',
    );
    const failed = 'does not pass the gate: 1.25 % of the verdicts change, allowed are 1.00 %';
    expect(list).toContain(`int8 of mine (${failed})`);
    const entries = JSON.parse(await models('list', '--json')).models;
    expect(entries.find(({ id }: { id: string }) => id === 'mine-rough')).toMatchObject({
      precision: 'int8',
      quantization: { ...parent, faithfulness: { changedVerdicts: 0.0125 } },
      gateFailures: ['1.25 % of the verdicts change, allowed are 1.00 %'],
    });
    const shown = await models('show', 'mine-rough');
    expect(shown).toMatch(/\n {2}int8 of +mine, SHA-256 [\da-f]{64}; ranges by minmax of 512 photos\n/);
    expect(shown).toContain(`by 0.0100 on average, 0.1000 at most; ${failed}\n`);
  });

  it('remove of a parent leaves its int8 form, which is shown as before', async () => {
    const parent = { parent: 'mine', parentSha256: sha256(model.bytes) };
    await publishModel(home.models, int8Description('mine-int8', parent), {
      bytes: new Uint8Array(1),
      storage: 'int8',
    });
    await models('activate', 'mine-int8');
    await models('remove', 'mine');
    expect(await models('list')).toContain('* mine-int8 ');
    expect(await models('show', 'mine-int8')).toContain('int8 of   mine');
  });

  it('list tells of a model that is broken, and of the others', async () => {
    writeFileSync(join(home.models, 'mine', 'manifest.json'), '{');
    expect(await models('list')).toMatch(/ mine +manifest\.json of mine is not JSON\n\* quality/);
  });

  it('list tells of a model whose file is damaged, for people and for programs', async () => {
    writeFileSync(join(home.models, 'mine', 'model.onnx'), 'cut off');
    expect(await models('list')).toMatch(
      / mine +model\.onnx of mine has the SHA-256 \w+, its manifest says .+\n\* quality/,
    );
    const entries = JSON.parse(await models('list', '--json')).models;
    expect(entries[1]).toMatchObject({ id: 'mine', error: { code: 'model_hash_mismatch' } });
  });

  it('show tells what a manifest says; --json is the manifest', async () => {
    expect(await models('show', 'mine')).toMatch(/^mine\n {2}classes +NOPE, LIKE\n(.+\n)+ {2}file .+2\.5 MB, float32/);
    const text = readFileSync(join(home.models, 'mine', 'manifest.json'), 'utf8');
    expect(JSON.parse(await models('show', 'mine', '--json'))).toEqual(JSON.parse(text));
  });

  it('activate, and remove, which refuses the active one until another is activated', async () => {
    expect(await models('activate', 'mine')).toMatch(/^mine is active: no server runs with this home/);
    expect(await models('list')).toMatch(/^\* mine /m);
    expect(await models('show', 'mine')).toMatch(/^mine \(active\)\n/);
    await expect(models('remove', 'mine')).rejects.toMatchObject({ code: 'model_protected' });
    const told = JSON.parse(await models('activate', 'quality', '--json'));
    expect(told).toEqual({ active: 'quality', server: null });
    expect(JSON.parse(await models('remove', 'mine', '--json'))).toEqual({ removed: 'mine' });
    expect(readdirSync(home.models)).toEqual(['begin']);
  });

  it('activate refuses an initialisation, and remove the embedded one; nothing changes', async () => {
    await expect(models('activate', 'begin')).rejects.toMatchObject({ code: 'model_not_served' });
    await expect(models('remove', 'quality')).rejects.toMatchObject({ code: 'model_protected' });
    expect(readdirSync(home.folder)).toEqual(['models']);
  });

  it('list and remove end with an error where it cannot be known which is active', async () => {
    writeFileSync(home.activeModel, 'mine');
    await expect(models('list')).rejects.toMatchObject({ code: 'active_model_invalid' });
    await expect(models('remove', 'mine')).rejects.toMatchObject({ code: 'active_model_invalid' });
  });

  it('export writes a folder, which overwrites nothing; import of it is the same model', async () => {
    const out = join(home.folder, 'backup');
    expect(await models('export', 'quality', '--out', out)).toBe(out);
    await expect(models('export', 'quality', '--out', out)).rejects.toMatchObject({
      code: 'output_unusable',
      message: `${out} is there already and stays as it is`,
    });
    const imported = JSON.parse(await models('import', out, '--id', 'again', '--json'));
    const { id, provenance, ...original } = JSON.parse(await models('show', 'quality', '--json'));
    expect(imported).toMatchObject({ ...original, id: 'again' });
    expect(imported.provenance.description).toBe(provenance.description);
    await expect(models('import', out, '--id', 'again')).rejects.toMatchObject({ code: 'model_exists' });
  });

  it('import and quantize never take the place of a model that comes with Swipenet', async () => {
    const out = join(home.folder, 'quality.onnx');
    await models('export', 'quality', '--out', out);
    const taken = (id: string) => ({
      code: 'model_exists',
      message: expect.stringContaining(`the name ${id} is taken`),
    });
    await expect(models('import', out)).rejects.toMatchObject(taken('quality'));
    await expect(models('import', out, '--id', 'quality-int8')).rejects.toMatchObject(taken('quality-int8'));
    const quantize = ['quantize', 'quality', '--calibrate', join(home.folder, 'no-photos')];
    await expect(models(...quantize)).rejects.toMatchObject(taken('quality-int8'));
    await expect(models(...quantize, '--name', 'quality')).rejects.toMatchObject(taken('quality'));
    await expect(models(...quantize, '--folder', EMBEDDED_MODEL.folder, '--name', 'new')).rejects.toMatchObject({
      code: 'path_missing', // of the photos: the name is free there
    });
    expect(readdirSync(home.models)).toEqual(['begin', 'mine']);
  });

  it('says in words what a number of photos or an id must be', async () => {
    const refusal = (message: string) => ({ code: 'option_invalid', message });
    await expect(models('quantize', 'mine', '--calibrate', home.folder, '--photos', '0')).rejects.toMatchObject(
      refusal('--photos: must be a whole number from 4 to 10000'),
    );
    await expect(models('show', 'Mine')).rejects.toMatchObject({
      code: 'option_invalid',
      message: expect.stringMatching(/^"Mine" is no id: a model id is 1 to 64 of [^✖]+$/),
    });
  });

  it('export --json names the model and where it was written', async () => {
    const out = join(home.folder, 'quality.onnx');
    const told = JSON.parse(await models('export', 'quality', '--out', out, '--json'));
    expect(told).toEqual({ exported: 'quality', out });
  });

  it.each([
    ['--mean', '300', 'must be one level from 0 to 255, or three with commas between'],
    ['--mean', '1,2', 'must be one level from 0 to 255, or three with commas between'],
    ['--id', '../x', 'a model id is 1 to 64 of'],
    ['--temperature', '0', 'must be a number above 0'],
    ['--metric', 'auc', 'must be name=number'],
  ])('import names a flag that does not fit: %s %s', async (flag, value, message) => {
    await expect(models('import', home.folder, flag, value)).rejects.toMatchObject({
      code: 'option_invalid',
      message: expect.stringContaining(`${flag}: ${message}`),
    });
  });

  it('import takes levels, a temperature and figures as numbers, and records the command without folders', async () => {
    const out = join(home.folder, 'quality.onnx');
    const figures = ['--temperature', '1.5', '--metric', 'auc=0.9', 'accuracy=0.8'];
    await models('export', 'quality', '--out', out);
    const manifest = JSON.parse(await models('import', out, '--id', 'again', ...figures, '--json'));
    expect(manifest).toMatchObject({ temperature: 1.5, metrics: { auc: 0.9, accuracy: 0.8 } });
    expect(manifest.provenance.command).toBe('swipenet models import quality.onnx --id again --temperature 1.5');
  });

  it('import of a folder’s model.onnx alone says that the folder is what to import', async () => {
    const out = join(home.folder, 'backup');
    await models('export', 'quality', '--out', out);
    await expect(models('import', join(out, 'model.onnx'), '--id', 'again')).rejects.toMatchObject({
      code: 'option_invalid',
      message: `--resize is required: how the model’s photos are made square; to use the manifest.json next to the file, import the folder ${out}`,
    });
  });

  it('an int8 model is no weights for others: export as safetensors and import name its parent', async () => {
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

  it('export overwrites no file', async () => {
    const out = join(home.folder, 'model.onnx');
    writeFileSync(out, 'mine');
    await expect(models('export', 'mine', '--out', out)).rejects.toMatchObject({ code: 'output_unusable' });
    await expect(models('export', 'mine', '--out', join(home.folder, 'no', 'model.onnx'))).rejects.toThrow('ENOENT');
    await expect(models('export', 'mine', '--out', join(out, 'folder'))).rejects.toThrow(
      `${out} cannot be written (ENOTDIR)`,
    );
    expect([readFileSync(out, 'utf8'), readdirSync(home.folder).toSorted()]).toEqual([
      'mine',
      ['model.onnx', 'models'],
    ]);
  });

  it.each(['mine.zip', 'mine.bin', 'mine.ONNX', 'v1.2'])(
    'export to %s, no file that is known, is refused',
    async (name) => {
      await expect(models('export', 'mine', '--out', join(home.folder, name))).rejects.toMatchObject({
        code: 'option_invalid',
        message: expect.stringContaining(
          '--out: must be NAME.onnx, NAME.safetensors, or a folder’s name without a dot',
        ),
      });
      expect(readdirSync(home.folder)).toEqual(['models']);
      await models('export', 'mine', '--out', join(home.folder, name, '/'));
      expect(readdirSync(join(home.folder, name)).toSorted()).toEqual(['manifest.json', 'model.onnx']);
    },
  );

  it('fetch says what was not reachable and changes nothing', async () => {
    const url = 'http://127.0.0.1:1/model.onnx';
    await expect(models('fetch', 'bvlc', '--url', url)).rejects.toMatchObject({
      code: 'fetch_failed',
      message: expect.stringContaining(`can’t reach ${url}`),
    });
    expect(readdirSync(home.models)).toEqual(['begin', 'mine']);
  });
});
