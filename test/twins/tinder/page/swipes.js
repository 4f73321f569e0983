import { callApi } from './calls.js';
import { options } from './options.js';

const PATHS = {
  nope: ({ _id }) => [`/pass/${_id}?locale=${options.lang}`, 'GET'],
  like: ({ _id }) => [`/like/${_id}`, 'POST'],
  'super-like': ({ _id }) => [`/like/${_id}/super`, 'POST'],
};

/**
 * What a swipe does: the card goes at once, the call follows it, and what comes of it comes later.
 *
 * @param {{active: Function, throwOff: Function, putBack: Function}} stack
 * @param {{open: Function}} dialogs
 */
export function createSwipes(stack, dialogs) {
  const refusedOnce = new Set();
  let outOfLikes = false;

  return {
    /** No like goes through from now on, or again. */
    setOutOfLikes(out) {
      outOfLikes = out;
    },
    async swipe(kind) {
      const entry = stack.active()?.entry;
      if (!entry) return;
      const { profile, plan } = entry;
      const refused = plan.outOfLikes && !refusedOnce.has(profile._id);
      if (kind === 'like' && (outOfLikes || refused)) {
        refusedOnce.add(profile._id);
        dialogs.open('out-of-likes');
        return;
      }
      stack.throwOff(kind);
      if (kind === 'like' && plan.afterLike === 'upsell') dialogs.open('upsell');
      const { status, answer } = await callApi(...PATHS[kind](profile));
      if (status !== 200 && options.onCallFailure === 'return') stack.putBack(entry);
      if (status === 200 && answer.match) dialogs.open(plan.afterLike, profile.name);
    },
  };
}
