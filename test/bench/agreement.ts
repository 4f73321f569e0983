import { REQUIRED_AGREEMENT } from '@swipenet/shared/contract/swipes.ts';
import { agreeing, alwaysLeft, INDEPENDENT, moody } from './agreement/people.ts';
import {
  falseOpenings,
  falseOpeningsOfBestThreshold,
  falseShutsPerThousand,
  medianOfTwoBounds,
  medianUntilOpen,
  medianUntilShut,
} from './agreement/simulate.ts';
import type { BenchResult, Figure } from './report.ts';

/** Options of `npm run bench -- agreement`. */
export interface AgreementBenchOptions {
  readonly people: number;
  readonly seed: number;
}

const SWIPES = 2_000;
const LIKE_RATES = [0.2, 0.35, 0.5];
const BALANCED = [0.65, 0.7, 0.75, 0.8, 0.9];

/** Thresholds from 5% to 95%. */
const THRESHOLDS = Array.from({ length: 19 }, (_, at) => (at + 1) / 20);

/** Drift and medians need fewer people than rare events do. */
const FEWER = 200;

/** Measures the gate on simulated people: how often it opens wrongly, and how soon it opens and shuts rightly. */
export function agreementBench({ people, seed }: AgreementBenchOptions): BenchResult {
  const required = REQUIRED_AGREEMENT.default;
  const [all, some] = [
    { people, seed },
    { people: Math.min(people, FEWER), seed: seed + 1 },
  ];
  const kinds = [
    ...Object.entries(INDEPENDENT),
    ['always says left, 15% likes', alwaysLeft] as const,
    ['follows the moods of someone who likes 10% and 40% in turns', moody] as const,
  ];
  const wrong = [
    ...kinds.map(([name, kind]) => [`network ${name}`, falseOpenings(kind, all, SWIPES, required)] as const),
    [
      'the best of 19 thresholds, chosen after looking',
      falseOpeningsOfBestThreshold(some, SWIPES, required, THRESHOLDS),
    ] as const,
  ];
  const measures = [
    { key: 'opens', name: 'until the gate opens', digits: 0 },
    { key: 'opensByTwoBounds', name: 'with a bound per label at 97.5% instead', digits: 0 },
    { key: 'shuts', name: 'from a change to chance until it shuts', digits: 0 },
    { key: 'falseShuts', name: 'shuts per 1,000 swipes without a change', digits: 2 },
  ];
  const rows = BALANCED.flatMap((balanced) =>
    LIKE_RATES.map((likeRate) => {
      const kind = agreeing(balanced, balanced, likeRate);
      const values = [
        medianUntilOpen(kind, some, 20_000, required),
        medianOfTwoBounds(kind, { ...some, people: Math.min(people, 40) }, 20_000, required),
        medianUntilShut(kind, agreeing(0.5, 0.5, likeRate), some, required),
        falseShutsPerThousand(kind, some, 3 * SWIPES, required),
      ];
      return { balanced, likeRate, values };
    }),
  );
  const figures = [
    ...wrong.map(([name, share], at): Figure => ({ key: `falseOpenings${at}`, name, value: 100 * share, unit: '%' })),
    ...rows.flatMap(({ balanced, likeRate, values }) =>
      measures.map(({ key, name }, at): Figure => {
        const about = `${Math.round(100 * balanced)}At${Math.round(100 * likeRate)}`;
        return { key: `${key}${about}`, name: `${name} (${about})`, value: values[at]!, unit: 'swipes' };
      }),
    ),
  ];
  const lines = [
    `False openings at a required agreement of ${required}, ${SWIPES} counted swipes, ${people} people each`,
    ...wrong.map(([name, share]) => `  ${(100 * share).toFixed(2).padStart(6)}%  ${name}`),
    '',
    'Counted swipes, medians, by true balanced agreement and like rate',
    `  ${['', ...measures.map(({ name }) => name)].join(' | ')}`,
    ...rows.map(({ balanced, likeRate, values }) => {
      const cells = values.map((value, at) => value.toFixed(measures[at]!.digits).padStart(measures[at]!.name.length));
      return `  ${[`${balanced.toFixed(2)}, ${likeRate.toFixed(2)}`, ...cells].join(' | ')}`;
    }),
  ];
  return { figures, text: lines.join('\n') };
}
