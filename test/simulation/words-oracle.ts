import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { pick, seededRandom } from '@swipenet/shared/random.ts';
import { bioFeatures } from '../../extension/src/words/bio-features.ts';
import { judgeBio, learnTaste } from '../../extension/src/words/words-taste.ts';
import { BIO_SEED, type MadeBio } from '../support/made-words.ts';
import { type TwinProfile, truthOf } from '../twins/tinder/profiles.ts';
import { BIOS, NAMES } from '../twins/tinder/words.ts';

/** As many bios as are kept. */
const COUNT = 500;

/** Words of the bios that the played person mostly likes. */
const LIKED = /runner|boats|architect|bench/i;

/**
 * Labeled bios of a person who goes by words more than by photos. They are newer than any swipe of the run, so the
 * swipes of the run are the oldest, which aren't kept. What is learned therefore stays the same throughout.
 */
export const PLAYED_BIOS: readonly MadeBio[] = madeBios();

function madeBios(): MadeBio[] {
  const random = seededRandom(1);
  return Array.from({ length: COUNT }, () => {
    const said = pick(random, BIOS.filter(Boolean) as [string, ...string[]]);
    const bio = `${said} ${pick(random, NAMES)} and ${pick(random, NAMES)} say hello.`; // equal ones are learned as one
    const photos = random();
    const isLiked = random() < (LIKED.test(said) ? 0.8 : 0.2) * 0.8 + 0.2 * photos;
    return { bio, isLiked, photos };
  });
}

const taste = learnTaste(PLAYED_BIOS.map(({ bio, ...label }) => ({ ...label, features: bioFeatures(bio, BIO_SEED) })));

/**
 * What photos and words say together of a profile whose photos were all scored. Undefined if the words say nothing: there
 * are none, or a photo of the profile never comes.
 */
export function joinedOf(profile: TwinProfile): 'left' | 'right' | undefined {
  const { swipe, like } = truthOf(profile);
  if (!taste?.joins) throw new Error('the words of the played person don’t join');
  const isWhole = swipe !== 'hold' && profile.photos.every(({ trouble, video }) => video || trouble !== 'dead');
  if (!isWhole || typeof like !== 'number') return undefined;
  const judged = judgeBio(taste, { bio: profile.bio, seed: BIO_SEED, like, threshold: DEFAULT_THRESHOLD });
  return judged && (judged.like >= DEFAULT_THRESHOLD ? 'right' : 'left');
}
