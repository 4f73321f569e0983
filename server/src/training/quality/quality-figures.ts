import { FAULTS, type FaultName } from '../../pictures/faults.ts';
import { auc, type EvaluatedPhoto, type PhotoMetrics, photoMetrics } from '../evaluation/metrics.ts';
import type { VariantLine } from './build-quality-set.ts';

/** A photo of a quality set, with the confidence that a model gives it. */
export type EvaluatedVariant = EvaluatedPhoto & Pick<VariantLine, 'group' | 'faults'>;

/** How well a model separates photos with a fault from well-made photos. */
interface FaultFigures {
  /** Photos with this fault only, and their AUC against all well-made photos. */
  readonly alone: { readonly photos: number; readonly auc: number | null };
  /** Photos with this fault, alone or with others. */
  readonly any: { readonly photos: number; readonly auc: number | null };
}

/** The figures of a group of photos. */
interface GroupFigures {
  readonly photos: PhotoMetrics;
  readonly faults: Readonly<Record<FaultName, FaultFigures>>;
}

/** The figures of all photos together, and of each group. */
export interface QualityFigures {
  readonly all: PhotoMetrics;
  readonly groups: Readonly<Record<string, GroupFigures>>;
}

/** Computes the figures of a quality set, with LIKE at or above the threshold. */
export function qualityFigures(scored: readonly EvaluatedVariant[], threshold: number): QualityFigures {
  const groups = [...Map.groupBy(scored, ({ group }) => group)].map(([group, photos]) => {
    const names = Object.keys(FAULTS) as FaultName[];
    const faults = names.map((name) => [name, faultFigures(photos, name)] as const);
    return [group, { photos: photoMetrics(photos, threshold), faults: Object.fromEntries(faults) }] as const;
  });
  return { all: photoMetrics(scored, threshold), groups: Object.fromEntries(groups) as QualityFigures['groups'] };
}

function faultFigures(photos: readonly EvaluatedVariant[], fault: FaultName): FaultFigures {
  const wellMade = photos.filter(({ label }) => label === 'LIKE');
  const faulty = photos.filter(({ faults }) => faults.some(({ name }) => name === fault));
  const against = (degraded: readonly EvaluatedVariant[]) => ({
    photos: degraded.length,
    auc: auc([...wellMade, ...degraded]),
  });
  return { alone: against(faulty.filter(({ faults }) => faults.length === 1)), any: against(faulty) };
}

/** Returns the figures for a manifest: of all photos, and of each group under its name. */
export function manifestFigures({ all, groups }: QualityFigures): Record<string, number> {
  const figures: Record<string, number> = { testPhotos: all.count, testAccuracy: all.accuracy, testEce: all.ece };
  if (all.auc !== null) figures.testAuc = all.auc;
  for (const [group, { photos }] of Object.entries(groups)) {
    figures[`${group}Photos`] = photos.count;
    figures[`${group}Accuracy`] = photos.accuracy;
    if (photos.auc !== null) figures[`${group}Auc`] = photos.auc;
    figures[`${group}Ece`] = photos.ece;
  }
  return figures;
}

/** Formats the figures as the Markdown tables of the model card. */
export function figuresTable({ all, groups }: QualityFigures): string {
  const number = (value: number | null) => (value === null ? '–' : value.toFixed(3));
  const percent = (value: number) => `${(100 * value).toFixed(1)}%`;
  const row = (...cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const names = Object.keys(groups);
  const summary = [['all together', all] as const, ...names.map((name) => [name, groups[name]!.photos] as const)];
  const faults = Object.keys(FAULTS) as FaultName[];
  return [
    row('photos', 'images', 'AUC', 'accuracy at 40%', 'ECE'),
    row('---', '---', '---', '---', '---'),
    ...summary.map(([name, photos]) =>
      row(name, photos.count, number(photos.auc), percent(photos.accuracy), percent(photos.ece)),
    ),
    '',
    row('AUC of a fault alone (images)', ...names),
    row('---', ...names.map(() => '---')),
    ...faults.map((fault) => {
      const cells = names.map((name) => groups[name]!.faults[fault].alone);
      return row(fault, ...cells.map(({ auc: value, photos }) => `${number(value)} (${photos})`));
    }),
  ].join('\n');
}
