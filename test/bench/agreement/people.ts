import type { CountedSwipe } from '@swipenet/server/taste/agreement/agreement.ts';
import { between, type Random } from '@swipenet/shared/random.ts';

/** Returns the next counted swipe of a simulated person and their network. */
export type Person = () => CountedSwipe;

/** A kind of person. Each call draws another one. */
export type Kind = (random: Random) => Person;

/** A network that really agrees with a share of the likes and a share of the passes. */
export const agreeing =
  (ofLikes: number, ofPasses: number, likeRate: number): Kind =>
  (random) =>
  () => {
    const liked = random() < likeRate;
    return { liked, agreed: random() < (liked ? ofLikes : ofPasses) };
  };

/**
 * Someone whose likes have nothing to do with the photos. Their like rate is anything from 5% to 60%, and the network
 * says right at a rate that may change from swipe to swipe.
 *
 * @param rightRate gives the next rate, from the likes so far (newest last). It is asked before each swipe.
 */
const independent =
  (rightRate: (random: Random, likeRate: number) => (likes: readonly boolean[]) => number): Kind =>
  (random) => {
    const likeRate = between(random, 0.05, 0.6);
    const nextRate = rightRate(random, likeRate);
    const likes: boolean[] = [];
    return () => {
      const saysRight = random() < nextRate(likes);
      const liked = random() < likeRate;
      likes.push(liked);
      return { liked, agreed: saysRight === liked };
    };
  };

const shareOfLikes = (likes: readonly boolean[], fallback: number) =>
  likes.length === 0 ? fallback : likes.filter(Boolean).length / likes.length;

/** People whose likes are independent of the photos, by what their network does. The gate should open for none. */
export const INDEPENDENT: Readonly<Record<string, Kind>> = {
  'says right at a rate of its own': independent((random) => {
    const rate = random();
    return () => rate;
  }),
  'says right at their like rate': independent((_random, likeRate) => () => likeRate),
  'has another rate after every 10 swipes': independent((random) => {
    let rate = random();
    return (likes) => {
      if (likes.length % 10 === 0) rate = random();
      return rate;
    };
  }),
  'says right at 10% and at 90% in turns of 100': independent(() => (likes) => (likes.length % 200 < 100 ? 0.1 : 0.9)),
  'follows their last 20 swipes': independent(() => (likes) => shareOfLikes(likes.slice(-20), 0.5)),
};

/** Likes 15%, whatever the photos, and the network always says left. */
export const alwaysLeft: Kind = agreeing(0, 1, 0.15);

/**
 * Someone who likes 10% and 40% in turns of 50 swipes, whatever the photos, and a network that says right as often as
 * they liked in their last 50 swipes. Its decisions are a little better or worse than chance without seeing anything.
 */
export const moody: Kind = (random) => {
  const likes: boolean[] = [];
  return () => {
    const saysRight = random() < shareOfLikes(likes.slice(-50), 0.25);
    const liked = random() < (likes.length % 100 < 50 ? 0.1 : 0.4);
    likes.push(liked);
    return { liked, agreed: saysRight === liked };
  };
};
