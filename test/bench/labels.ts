import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countedSwipes } from '@swipenet/server/taste/agreement/agreement.ts';
import { replayGate } from '@swipenet/server/taste/agreement/gate.ts';
import { TasteDatabase } from '@swipenet/server/taste/store/database.ts';
import type { NewSwipe } from '@swipenet/server/taste/store/swipe-record.ts';
import { TasteStore } from '@swipenet/server/taste/store/taste-store.ts';
import { trainingProfiles } from '@swipenet/server/taste/store/training-profiles.ts';
import { OWNER_TASTE } from '@swipenet/shared/contract/taste.ts';
import { seededRandom } from '@swipenet/shared/random.ts';
import { quantile } from './measure.ts';
import type { Figure } from './report.ts';

const LABELS = 2_000;
const PHOTOS = 5;
const BODY = { sha256: 'ab'.repeat(32), precision: 'fp32' } as const;
const SCORE = { taste: OWNER_TASTE, photoCount: PHOTOS, model: 'taste-0001', threshold: 0.5, probability: 0.5 };

/** Measures what a label costs: 2,000 profiles of five photos in a database in the system's temporary folder. */
export function labelsBench(): Figure[] {
  const folder = mkdtempSync(join(tmpdir(), 'swipenet-bench-'));
  const store = new TasteStore(new TasteDatabase(join(folder, 'taste.db')), { now: () => new Date() });
  try {
    const random = seededRandom(1);
    const features = Array.from({ length: PHOTOS }, () => Float16Array.from({ length: 1856 }, random));
    const photos = features.map((of) => ({ features: of, body: BODY }));
    const [kept, recorded] = [[] as number[], [] as number[]];
    for (let at = 0; at < LABELS; at += 1) {
      const scoreId = `score-${at}`;
      const [, keepMs] = timed(() => store.scores.keep(scoreId, SCORE, photos));
      const swipe: NewSwipe = {
        ...{ taste: OWNER_TASTE, site: 'demo', profile: `${at}`.padStart(43, '0'), photoCount: PHOTOS },
        swipe: random() < 0.3 ? 'right' : 'left',
        verdict: 'hidden',
        before: { decision: 'left', decidedBy: 'network', probability: random(), threshold: 0.5, model: 'taste-0001' },
      };
      const [, recordMs] = timed(() => store.record(swipe, { scoreId }));
      kept.push(keepMs);
      recorded.push(recordMs);
    }
    store.database.emptyLog({ wait: true });
    const bytes = store.database.bytes();
    const [, gateMs] = timed(() => replayGate(countedSwipes(store.judged(OWNER_TASTE), 0.4)));
    const [, trainMs] = timed(() => trainingProfiles(store.database, OWNER_TASTE, BODY.sha256));
    const [, undoMs] = timed(() => store.remove(OWNER_TASTE, LABELS));
    const [, eraseMs] = timed(() => store.erase(OWNER_TASTE));
    return [
      { key: 'keepMs', name: 'keep a score of 5 photos, median', value: quantile(kept, 0.5), unit: 'ms' },
      { key: 'keepMs99', name: 'keep a score of 5 photos, 99th percentile', value: quantile(kept, 0.99), unit: 'ms' },
      { key: 'recordMs', name: 'store its label durably, median', value: quantile(recorded, 0.5), unit: 'ms' },
      {
        key: 'recordMs99',
        name: 'store its label durably, 99th percentile',
        value: quantile(recorded, 0.99),
        unit: 'ms',
      },
      { key: 'bytesPerLabel', name: 'size per label', value: bytes / LABELS, unit: 'bytes' },
      { key: 'gateMs', name: 'replay the gate over 2,000 labels', value: gateMs, unit: 'ms' },
      { key: 'trainMs', name: 'read 2,000 profiles to learn from', value: trainMs, unit: 'ms' },
      { key: 'undoMs', name: 'delete one of 2,000 labels', value: undoMs, unit: 'ms' },
      { key: 'eraseMs', name: 'delete everything', value: eraseMs, unit: 'ms' },
    ];
  } finally {
    store.close();
    rmSync(folder, { recursive: true });
  }
}

function timed<Result>(work: () => Result): [Result, number] {
  const begin = performance.now();
  return [work(), performance.now() - begin];
}
