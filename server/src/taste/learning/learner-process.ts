// The program of the learner. Learning computes for seconds, which would block the server's event loop, so it has a
// process of its own.
import { constants, setPriority } from 'node:os';
import type { Exchange } from '../../child/protocol.ts';
import { serveParent } from '../../child/serve-parent.ts';
import { CommandError } from '../../command-error.ts';
import { Home } from '../../home/home.ts';
import type { Target } from '../../training/profiles/target.ts';
import { readPretrained } from '../../training/run/start/pretrained.ts';
import { TasteDatabase } from '../store/database.ts';
import { MIGRATIONS } from '../store/migrations.ts';
import type { RefreshedPhoto } from '../store/training-profiles.ts';
import { describeStalePhotos } from './describe-stale-photos.ts';
import type { VersionLosses } from './held-out.ts';
import { learnTaste } from './learn-taste.ts';

/** What to learn: {@link LearnOptions} with the path of the home folder. */
export interface LearningQuestion {
  readonly home: string;
  readonly taste: string;
  readonly target: Target;
  /** Versions that the server uses, so they must stay. */
  readonly inUse?: readonly string[];
}

/** What came of learning. A refusal has the code and the message of its CommandError. */
export type LearningAnswer =
  | {
      readonly kind: 'learned';
      readonly version: string;
      readonly likes: number;
      readonly passes: number;
      /** True if it is now the active model. */
      readonly activated: boolean;
      readonly heldOut: VersionLosses;
    }
  | {
      readonly kind: 'refused';
      readonly code: CommandError['code'];
      readonly message: string;
      readonly heldOut?: undefined;
    };

/** The questions that the learner answers; see {@link Learning}. */
export type LearnerProtocol = {
  readonly describe: Exchange<LearningQuestion, readonly RefreshedPhoto[]>;
  readonly learn: Exchange<LearningQuestion, LearningAnswer>;
};

serveParent<LearnerProtocol>({
  describe: async ({ home }) =>
    await reading(new Home(home), async (database) => describeStalePhotos(database, (await readPretrained('base'))!)),
  learn: async ({ home: folder, ...how }) => {
    const home = new Home(folder);
    try {
      const learned = await reading(home, (database) => learnTaste(database, { home, ...how }));
      const { manifest, likes, passes, activated, heldOut } = learned;
      return { kind: 'learned', version: manifest.id, likes, passes, activated, heldOut };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return { kind: 'refused', code: error.code, message: error.message };
    }
  },
});
// Other children run at a priority in between. The engines are among them, and a profile on the screen comes first.
setPriority(constants.priority.PRIORITY_LOW);

/** Opens the database to read it, as a process must that may be paused at any time. */
async function reading<Result>(home: Home, read: (database: TasteDatabase) => Promise<Result>): Promise<Result> {
  const database = new TasteDatabase(home.tasteDatabase, MIGRATIONS, { readOnly: true });
  try {
    return await read(database);
  } finally {
    database.close();
  }
}
