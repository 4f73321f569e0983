import { formatPercent } from '@swipenet/shared/confidence.ts';
import type { ThresholdRow } from '../evaluation/threshold-table.ts';
import { chart, digits, percent, table } from './html.ts';
import type { Judgement, ReportData } from './report-data.ts';

/** Rows of a table of steps: some, spread evenly, and always the last. */
const STEP_ROWS = 25;

/** Loss, accuracy and learning rate over the epochs, as DIGITS draws them. */
export function curvesSection({ steps, training, validation }: ReportData): string {
  const each = Math.max(1, Math.ceil(steps.length / STEP_ROWS));
  const some = steps.filter((_, index) => (steps.length - 1 - index) % each === 0);
  const stepRows = some.map((step) => [step.epoch.toFixed(2), digits(step.loss), percent(step.accuracy)]);
  const stepTable = table('Training, a batch', ['epoch', 'loss', 'accuracy'], stepRows);
  const epochRows = [
    ...training.map((point) => ({ part: 'training', ...point })),
    ...validation.map((point) => ({ part: 'validation', ...point })),
  ]
    .toSorted((a, b) => a.epoch - b.epoch)
    .map(({ part, epoch, loss, accuracy }) => [epoch.toFixed(2), part, digits(loss), percent(accuracy)]);
  const epochTable = table('A part as a whole', ['epoch', 'part', 'loss', 'accuracy'], epochRows);
  const rateRows = some.map(({ epoch, learningRate }) => [epoch.toFixed(2), learningRate.toPrecision(3)]);
  return `<section><h2>Curves</h2>
${chart('curves', 'Loss and accuracy', 'Loss on the left axis, accuracy on the right; training by batch (the weighed sum of the heads, as it is minimised), both parts by epoch (the main classifier alone).', epochTable + stepTable)}
${chart('learning-rate', 'Learning rate', 'The learning rate of each step.', table('Learning rate', ['epoch', 'learning rate'], rateRows))}
</section>`;
}

/** What the best model makes of the validation part. */
export function judgementSection({ before, after, temperature, mostWrong, thresholds }: Judgement): string {
  const { count } = after.photos;
  const few = count < 2000 ? ` With ${count} photos it is high by chance alone: it needs 2,000 and more.` : '';
  const binRows = before.bins.map((bin, index) => {
    const other = after.bins[index]!;
    const range = `${bin.from.toFixed(2)}–${bin.to.toFixed(2)}`;
    return [range, bin.count, digits(bin.likeShare, 2), other.count, digits(other.likeShare, 2)];
  });
  const binHead = ['confidence', 'photos before', 'LIKE before', 'photos after', 'LIKE after'];
  const histogramRows = after.histogram.LIKE.map((likes, index) => {
    const cells = [likes, after.histogram.NOPE[index]!, before.histogram.LIKE[index]!, before.histogram.NOPE[index]!];
    return [`${(index / 20).toFixed(2)}–${((index + 1) / 20).toFixed(2)}`, ...cells];
  });
  const histogramHead = ['confidence', 'LIKE after', 'NOPE after', 'LIKE before', 'NOPE before'];
  const wrongRows = mostWrong.map(({ id, label, like }) => [id, label, formatPercent(like)]);
  return `<section><h2>The best model on the validation part</h2>
${figuresTable({ before, after })}
<p>${temperatureWords(temperature)}</p>
${confusionTable(after)}
${chart('reliability', 'Reliability', `How often photos of a confidence are LIKE: a calibrated model lies on the diagonal. Calibration error ${digits(before.photos.ece, 3)} before the temperature, ${digits(after.photos.ece, 3)} after.${few}`, table('Reliability, 15 bins', binHead, binRows))}
${chart('histogram', 'Confidences', 'How many photos of each label have which LIKE confidence, after the temperature.', table('Confidences, 20 bins', histogramHead, histogramRows))}
<h3>Thresholds</h3>
<p>The article’s ${formatPercent(thresholds.article.threshold)} before the temperature is ${formatPercent(thresholds.article.beforeBecomes)} after it; ${formatPercent(thresholds.article.threshold)} after it was ${formatPercent(thresholds.article.afterWas)} before.</p>
${thresholdsTable('Photos, before the temperature', thresholds.before, 'photos')}
${thresholdsTable('Photos, after it', thresholds.after, 'photos')}
${thresholdsTable('Profiles, before the temperature', thresholds.before, 'profiles')}
${thresholdsTable('Profiles, after it', thresholds.after, 'profiles')}
<h3>Most wrong</h3>
${table('The photos furthest from their label, by their id in the data set', ['id', 'is', 'LIKE confidence'], wrongRows)}
</section>`;
}

function figuresTable({ before, after }: Pick<Judgement, 'before' | 'after'>): string {
  const row = (name: string, of: (judged: Judgement['before']) => string) => [name, of(before), of(after)];
  return table(
    'Figures at 40 %',
    ['figure', 'before the temperature', 'after it'],
    [
      row('photos', ({ photos }) => String(photos.count)),
      row('accuracy, photos', ({ photos }) => percent(photos.accuracy)),
      row('AUC, photos', ({ photos }) => digits(photos.auc)),
      row('calibration error (ECE)', ({ photos }) => digits(photos.ece)),
      row('profiles', ({ profiles }) => String(profiles.count)),
      row('accuracy, profiles', ({ profiles }) => percent(profiles.accuracy)),
      row('AUC, profiles', ({ profiles }) => digits(profiles.auc)),
    ],
  );
}

function temperatureWords({ temperature, reason, lossBefore, lossAfter }: Judgement['temperature']): string {
  switch (reason) {
    case 'fitted':
      return `Temperature ${temperature.toFixed(3)}: the loss goes from ${digits(lossBefore)} to ${digits(lossAfter)} nats.`;
    case 'separable':
      return 'Temperature 1: every photo is on its side, so nothing says how sure would be too sure.';
    case 'uninformative':
      return 'Temperature 1: the margins tell nothing of the labels.';
  }
}

function confusionTable({ photos, profiles }: Judgement['after']): string {
  const rows = (['LIKE', 'NOPE'] as const).map((label) => {
    const cells = [photos.confusion[label].LIKE, photos.confusion[label].NOPE];
    return [`is ${label}`, ...cells, profiles.confusion[label].LIKE, profiles.confusion[label].NOPE];
  });
  const head = ['what it is', 'photos called LIKE', 'photos called NOPE', 'profiles right', 'profiles left'];
  return table('Confusion at 40 %, after the temperature', head, rows);
}

function thresholdsTable(caption: string, rows: readonly ThresholdRow[], of: 'photos' | 'profiles'): string {
  const cells = rows.map(({ threshold, [of]: figures }) => {
    const { liked, accuracy, likesFound, nopesLiked, precision } = figures;
    return [formatPercent(threshold), ...[liked, accuracy, likesFound, nopesLiked, precision].map(percent)];
  });
  const head = ['LIKE from', 'called LIKE', 'accuracy', 'LIKEs found', 'NOPEs liked', 'precision'];
  return table(caption, head, cells);
}
