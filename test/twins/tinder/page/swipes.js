import { callApi } from './calls.js';
import { drift } from './drift/drift.js';
import { options } from './options.js';

/** The query's `load` and `by` are the twin's own: which load of the page it was, and whether a person's hand. */
const PATHS = {
  nope: ({ _id }, own) => [`${version()}/pass/${_id}?locale=${options.lang}&${own}`, 'GET'],
  like: ({ _id }, own) => [`${version()}/like/${_id}?${own}`, 'POST'],
  'super-like': ({ _id }, own) => [`${version()}/like/${_id}/super?${own}`, 'POST'],
};

const version = () => (drift.get('verdict-path') ? '/v3' : '');

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
    async swipe(kind, trusted) {
      const entry = stack.active()?.entry;
      if (!entry) return;
      const { profile, plan, fake } = entry;
      if (fake) {
        stack.throwOff(kind);
        return void dialogs.open('out-of-likes');
      }
      const refused = plan.outOfLikes && !refusedOnce.has(profile._id);
      if (kind === 'like' && (outOfLikes || refused)) {
        refusedOnce.add(profile._id);
        dialogs.open('out-of-likes');
        return;
      }
      stack.throwOff(kind);
      if (kind === 'like' && plan.afterLike === 'upsell') dialogs.open('upsell', profile);
      const { status, answer } = await callApi(
        ...PATHS[kind](profile, `load=${options.load}&by=${trusted ? 'person' : 'script'}`),
      );
      if (status !== 200 && options.onCallFailure === 'return') stack.putBack(entry);
      if (status === 200 && answer.match) dialogs.open(plan.afterLike, profile);
    },
  };
}
