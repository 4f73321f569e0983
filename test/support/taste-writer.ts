// node taste-writer.ts DATABASE NAME COUNT: stores and deletes swipes like a busy server. Prints the number of each swipe
// once it is stored. It deletes every fifth one again. Tests kill it at any point.
import { TasteDatabase } from '@swipenet/server/taste/store/database.ts';
import type { NewSwipe } from '@swipenet/server/taste/store/swipe-record.ts';
import { TasteStore } from '@swipenet/server/taste/store/taste-store.ts';

const BODY = { sha256: 'ab'.repeat(32), precision: 'fp32' } as const;

const [path = '', name = '', count = ''] = process.argv.slice(2);
const store = new TasteStore(new TasteDatabase(path), { now: () => new Date(0) });
const photos = [1, 2, 3].map((level) => ({ features: new Float16Array(1856).fill(level), body: BODY }));
for (let at = 0; at < Number(count); at += 1) {
  const score = { taste: 'owner', photoCount: 3, model: 'taste-0001', threshold: 0.5, probability: 0.5 };
  const swipe: NewSwipe = {
    ...{ taste: 'owner', site: 'demo', profile: `${name}-${at}`, photoCount: 3 },
    ...{ swipe: 'right', before: null, verdict: 'none' },
  };
  const scoreId = `${name}-${at}`;
  if (at % 2 === 0) store.scores.keep(scoreId, score, photos);
  const source = at % 2 === 0 ? { scoreId } : { photos };
  const { id } = store.record(swipe, source)!;
  if (at % 5 === 4) store.remove('owner', id);
  process.stdout.write(`${at}\n`);
}
store.close();
