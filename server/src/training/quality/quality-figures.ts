import { FAULTS, type FaultName } from '../../pictures/faults.ts';
import { auc, type EvaluatedPhoto, type PhotoMetrics, photoMetrics } from '../evaluation/metrics.ts';
import type { VariantLine } from './build-quality-set.ts';

/** A photo of a quality set, and what a model says of it. */
export type EvaluatedVariant = EvaluatedPhoto & Pick<VariantLine, 'group' | 'faults'>;

/** How well a fault is told from well-made photos. */
export interface FaultFigures {
  /** Photos that have it and nothing else, and the AUC of them against all well-made photos. */
  readonly alone: { readonly photos: number; readonly auc: number | null };
  /** Photos that have it, alone or with others. */
  readonly any: { readonly photos: number; readonly auc: number | null };
}

/** Figures of a group of photos. */
export interface GroupFigures {
  readonly photos: PhotoMetrics;
  readonly faults: Readonly<Record<FaultName, FaultFigures>>;
}

/** Figures of all photos together, and of every group. */
export interface QualityFigures {
  readonly all: PhotoMetrics;
  readonly groups: Readonly<Record<string, GroupFigures>>;
}

/** Counts what a model makes of a quality set's photos, LIKE from a threshold. */
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
  const having = photos.filter(({ faults }) => faults.some(({ name }) => name === fault));
  const against = (spoilt: readonly EvaluatedVariant[]) => ({
    photos: spoilt.length,
    auc: auc([...wellMade, ...spoilt]),
  });
  return { alone: against(having.filter(({ faults }) => faults.length === 1)), any: against(having) };
}

/** The figures that a manifest takes: of all, and of each group under its name. */
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

/** The figures as the table that the model card shows, in Markdown. */
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
