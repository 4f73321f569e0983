// The program of the learner. Learning computes for seconds, which would block the server's event loop, so it has a
// process of its own.
import { constants, setPriority } from 'node:os';
import type { Exchange } from '../child/protocol.ts';
import { serveParent } from '../child/serve-parent.ts';
import { systemDate } from '../clock.ts';
import { CommandError } from '../command-error.ts';
import { Home } from '../home/home.ts';
import type { Target } from '../training/profiles/target.ts';
import { learnTaste } from './learn-taste.ts';
import { TasteStore } from './taste-store.ts';

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
    }
  | { readonly kind: 'refused'; readonly code: CommandError['code']; readonly message: string };

/** The questions that the learner answers. */
export type LearnerProtocol = { readonly learn: Exchange<LearningQuestion, LearningAnswer> };

serveParent<LearnerProtocol>({
  learn: async ({ home: folder, ...how }) => {
    const home = new Home(folder);
    try {
      const store = TasteStore.open(home, { now: systemDate });
      try {
        const { manifest, likes, passes, activated } = await learnTaste(store, { home, ...how });
        return { kind: 'learned', version: manifest.id, likes, passes, activated };
      } finally {
        store.close();
      }
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return { kind: 'refused', code: error.code, message: error.message };
    }
  },
});
// Other children run at a priority in between. The engines are among them, and a profile on the screen comes first.
setPriority(constants.priority.PRIORITY_LOW);
