import { formatPercent } from '@swipenet/shared/confidence.ts';
import type { DecisionRule } from '@swipenet/shared/decision.ts';
import type { ThresholdRow } from '../evaluation/threshold-table.ts';
import { chart, digits, percent, table } from './html.ts';
import type { ReportData, ValidationResults } from './report-data.ts';

/** The approximate number of rows in a table of steps. They are spread evenly and include the last step. */
const STEP_ROWS = 25;

const PHOTO_CURVES = 'The curves by epoch are the main classifier’s, for both splits.';

const PROFILE_CURVES =
  'The training curve by epoch is the main classifier’s, for photos. The validation curve is the log loss of whole profiles, calibrated on other profiles.';

/** Returns the curves of loss, accuracy and learning rate over the epochs, as DIGITS draws them. */
export function curvesSection({ steps, training, validation }: ReportData, byProfile: boolean): string {
  const each = Math.max(1, Math.ceil(steps.length / STEP_ROWS));
  const some = steps.filter((_, index) => (steps.length - 1 - index) % each === 0);
  const stepRows = some.map((step) => [step.epoch.toFixed(2), digits(step.loss), percent(step.accuracy)]);
  const stepTable = table('By batch', ['epoch', 'loss', 'accuracy'], stepRows);
  const epochRows = [
    ...training.map((point) => ({ part: 'training', ...point })),
    ...validation.map((point) => ({ part: 'validation', ...point })),
  ]
    .toSorted((a, b) => a.epoch - b.epoch)
    .map(({ part, epoch, loss, accuracy }) => [epoch.toFixed(2), part, digits(loss), percent(accuracy)]);
  const epochTable = table('By epoch', ['epoch', 'split', 'loss', 'accuracy'], epochRows);
  const rateRows = some.map(({ epoch, learningRate }) => [epoch.toFixed(2), learningRate.toPrecision(3)]);
  return `<section><h2>Curves</h2>
${chart('curves', 'Loss and accuracy', `Loss is on the left axis and accuracy on the right. The curve by batch is the training loss: the weighted sum over all classifiers. ${byProfile ? PROFILE_CURVES : PHOTO_CURVES}`, epochTable + stepTable)}
${chart('learning-rate', 'Learning rate', 'The learning rate of each step.', table('Learning rate', ['epoch', 'learning rate'], rateRows))}
</section>`;
}

/** Returns the best model's results on the validation set. */
export function resultsSection(results: ValidationResults): string {
  const { rule, before, after, temperature, mostWrong, thresholds } = results;
  const { count } = after.photos;
  const few = count < 2000 ? ` With only ${count} photos, chance alone makes it high. It needs 2,000 or more.` : '';
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
  return `<section><h2>Results on the validation set</h2>
<p>${ruleSentence(rule)}</p>
${figuresTable(results)}
<p>${temperatureWords(temperature)}</p>
${confusionTable(rule, after)}
${chart('reliability', 'Reliability', `For each confidence, the fraction of photos that are LIKE. A calibrated model lies on the diagonal. The calibration error is ${digits(before.photos.ece, 3)} before the temperature and ${digits(after.photos.ece, 3)} after it.${few}`, table('Reliability, 15 bins', binHead, binRows))}
${chart('histogram', 'Confidences', 'The number of photos of each label by LIKE confidence, after the temperature.', table('Confidences, 20 bins', histogramHead, histogramRows))}
<h3>Thresholds</h3>
<p>A threshold of ${formatPercent(thresholds.article.threshold)}, as in the article, corresponds to ${formatPercent(thresholds.article.beforeBecomes)} after the temperature. ${formatPercent(thresholds.article.threshold)} after the temperature corresponds to ${formatPercent(thresholds.article.afterWas)} before.</p>
${thresholdsTable('Profiles, before the temperature', thresholds.before, 'profiles')}
${thresholdsTable('Profiles, after the temperature', thresholds.after, 'profiles')}
${thresholdsTable('Photos, before the temperature', thresholds.before, 'photos')}
${thresholdsTable('Photos, after the temperature', thresholds.after, 'photos')}
<h3>Worst predictions</h3>
${table('The photos whose confidence is furthest from their label, by their ID in the dataset', ['photo', 'label', 'LIKE confidence'], wrongRows)}
</section>`;
}

function figuresTable({ rule, before, after }: Pick<ValidationResults, 'rule' | 'before' | 'after'>): string {
  const row = (name: string, of: (scored: ValidationResults['before']) => string) => [name, of(before), of(after)];
  return table(
    `Metrics at ${thresholdWords(rule)}`,
    ['metric', 'before the temperature', 'after the temperature'],
    [
      row('profiles', ({ profiles }) => String(profiles.count)),
      row('accuracy, profiles', ({ profiles }) => percent(profiles.accuracy)),
      row('balanced accuracy, profiles', ({ profiles }) => percent(profiles.balancedAccuracy)),
      row('AUC, profiles', ({ profiles }) => digits(profiles.auc)),
      row('calibration error (ECE), profiles', ({ profiles }) => digits(profiles.ece)),
      row('log loss, profiles', ({ profiles }) => digits(profiles.meanLoss)),
      row('photos', ({ photos }) => String(photos.count)),
      row('accuracy, photos', ({ photos }) => percent(photos.accuracy)),
      row('AUC, photos', ({ photos }) => digits(photos.auc)),
      row('calibration error (ECE), photos', ({ photos }) => digits(photos.ece)),
    ],
  );
}

const thresholdWords = ({ threshold }: DecisionRule) => `a threshold of ${Number((100 * threshold).toFixed(2))}%`;

function ruleSentence(rule: DecisionRule): string {
  if (rule.rule === 'any') return 'A profile is swiped right if any of its photos reaches the threshold.';
  const { largestShare, perLogCount } = rule;
  const weights = `${digits(largestShare, 3)} × the largest logit + ${digits(1 - largestShare, 3)} × the mean logit + ${digits(perLogCount, 3)} × ln(number of photos)`;
  return `A profile is swiped right if all its photos together reach the threshold. The logit of its probability is ${weights}.`;
}

function temperatureWords(fitted: ValidationResults['temperature']): string {
  switch (fitted.reason) {
    case 'fitted':
      return `Temperature ${fitted.temperature.toFixed(3)}: it lowers the loss from ${digits(fitted.lossBefore)} to ${digits(fitted.lossAfter)} nats.`;
    case 'calibrated':
      return 'Temperature 1: the calibration of profiles is part of the network, so a temperature would undo it.';
    case 'separable':
      return 'Temperature 1: every photo is on the correct side, so nothing shows how much confidence would be too much.';
    case 'uninformative':
      return 'Temperature 1: the margins say nothing about the labels.';
  }
}

function confusionTable(rule: DecisionRule, { photos, profiles }: ValidationResults['after']): string {
  const rows = (['LIKE', 'NOPE'] as const).map((label) => {
    const cells = [profiles.confusion[label].LIKE, profiles.confusion[label].NOPE];
    return [label, ...cells, photos.confusion[label].LIKE, photos.confusion[label].NOPE];
  });
  const head = ['label', 'profiles swiped right', 'profiles swiped left', 'photos called LIKE', 'photos called NOPE'];
  return table(`Confusion at ${thresholdWords(rule)}, after the temperature`, head, rows);
}

function thresholdsTable(caption: string, rows: readonly ThresholdRow[], of: 'photos' | 'profiles'): string {
  const cells = rows.map(({ threshold, [of]: figures }) => {
    const { liked, accuracy, likesFound, nopesLiked, precision } = figures;
    return [formatPercent(threshold), ...[liked, accuracy, likesFound, nopesLiked, precision].map(percent)];
  });
  const head = ['threshold', 'called LIKE', 'accuracy', 'LIKEs found', 'NOPEs called LIKE', 'precision'];
  return table(caption, head, cells);
}
