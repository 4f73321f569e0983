import { resolve } from 'node:path';
import { Option } from 'commander';
import { systemClock } from '../clock.ts';
import { CommandError } from '../command-error.ts';
import { cores } from '../config/machine.ts';
import { readSettings } from '../config/settings.ts';
import { int8IdOf, publishInt8 } from '../quantization/publish-int8.ts';
import { readQuantizationPhotos } from '../quantization/quantization-photos.ts';
import { modelFolders, takenFolders } from '../registry/model-folders.ts';
import { loadServedModel } from '../registry/model-registry.ts';
import { CALIBRATION_METHODS, tooFewToJudge } from '../registry/quantization.ts';
import { commandWith } from './command.ts';
import { makeInt8 } from './make-int8.ts';
import { Progress } from './progress.ts';
import { parseQuantizeFlags } from './quantize-flags.ts';
import { failedLines, faithfulnessLines, quantizeCommandLine } from './quantize-lines.ts';
import { refuseBefore } from './quantize-refusals.ts';
import { writeLayerReport } from './quantize-report.ts';

/** Photos that the layers of a report are compared on. */
const REPORT_PHOTOS = 16;

/** `swipenet models quantize ID`: a model's int8 form, which is faster on the CPU. */
export const quantizeCommand = commandWith('quantize', 'make the int8 form of a model, for the CPU', ['home'])
  .argument('<id>', 'a model')
  .requiredOption('--calibrate <folder>', 'photos like those that will be scored: a folder, or a data set')
  .option('--photos <count>', 'photos that set the ranges', '512')
  .addOption(new Option('--method <method>', 'how ranges are set').choices(CALIBRATION_METHODS).default('minmax'))
  .option('--name <id>', 'the new model’s id (default: ID-int8)')
  .option('--folder <folder>', 'where to put it (default: models in the home folder)')
  .option('--report <file>', 'write what every layer loses, as HTML')
  .option('--force', 'publish it even where its answers are too far from the model’s')
  .option('--json', 'print the manifest as JSON and nothing else')
  .action(async (id: string, { json, ...flags }: Record<string, unknown>) => {
    const { home } = readSettings(['home'], flags);
    const asked = parseQuantizeFlags(flags);
    const model = await loadServedModel(modelFolders(home), id);
    const { manifest: parent } = model;
    const folder = resolve(asked.folder ?? home.models);
    const name = asked.name ?? int8IdOf(id);
    await refuseBefore({ folders: takenFolders(home, folder), name, report: asked.report, parent });
    const progress = new Progress(process.stderr, systemClock.now);
    const photos = await readQuantizationPhotos(asked.calibrate, {
      ...{ calibration: asked.photos, resize: parent.preprocessing.resize, workers: cores },
      onProgress: (done, total) => progress.update('reading photos', done, total),
    });
    for (const line of failedLines(photos)) console.error(line);
    const { method } = asked;
    const few = tooFewToJudge(photos.judging.length);
    if (few && !asked.force) throw unfaithful(few);
    const { made, failures } = await makeInt8(model, { photos, method });
    const { faithfulness } = made;
    if (asked.report !== undefined) {
      const about = { id: name, settings: { parent: id, method, photos: photos.calibration.length } };
      await writeLayerReport(asked.report, about, made, photos.judging.slice(0, REPORT_PHOTOS));
    }
    if (!json) console.error(faithfulnessLines(faithfulness));
    if (failures.length > 0 && !asked.force) {
      throw unfaithful(failures.join('; '));
    }
    const command = quantizeCommandLine(id, asked);
    const manifest = await publishInt8(folder, { id: name, parent, method, photos, command }, made);
    console.log(
      json ? JSON.stringify(manifest, null, 2) : `${name}: ${(manifest.model.bytes / 1e6).toFixed(1)} MB in ${folder}`,
    );
  });

const unfaithful = (why: string) =>
  new CommandError('quantization_unfaithful', `${why}; --force publishes it all the same, and auto passes it over`);
