import { callApi } from './calls.js';
import { isPictured } from './carousel.js';
import { drift } from './drift/drift.js';
import { options } from './options.js';

/**
 * The query's `load`, `by` and `pictured` are the twin's own: which load of the page it was, whether a person's hand, and
 * whether the card had shown a photo by then. Nobody has seen what the site asks for a rewind: that path is the twin's own, too.
 */
const PATHS = {
  nope: ({ _id }, own) => [`${version()}/pass/${_id}?locale=${options.lang}&${own}`, 'GET'],
  like: ({ _id }, own) => [`${version()}/like/${_id}?${own}`, 'POST'],
  'super-like': ({ _id }, own) => [`${version()}/like/${_id}/super?${own}`, 'POST'],
  rewind: ({ _id }, own) => [`/rewind/${_id}?${own}`, 'POST'],
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
  /** What was swiped, latest last, each with the promise that its call was answered. */
  const swiped = [];
  /** Until the API knows of a rewind, nothing else is swiped or taken back. */
  let rewinding = false;
  let outOfLikes = false;

  return {
    /** No like goes through from now on, or again. */
    setOutOfLikes(out) {
      outOfLikes = out;
    },
    async swipe(kind, trusted) {
      const entry = stack.active()?.entry;
      if (!entry || rewinding) return;
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
      const by = trusted ? 'person' : 'script';
      const own = `load=${options.load}&by=${by}&pictured=${isPictured(profile)}`;
      const calling = callApi(...PATHS[kind](profile, own));
      const last = { entry, calling };
      swiped.push(last);
      const { status, answer } = await calling;
      if (!swiped.includes(last)) return; // it was taken back meanwhile
      if (status !== 200) swiped.splice(swiped.indexOf(last), 1);
      if (status !== 200 && options.onCallFailure === 'return') stack.putBack(entry);
      if (status === 200 && answer.match) dialogs.open(plan.afterLike, profile);
    },
    /** Takes the last swipe back, on an account that may. The card is back at once, and the call follows that of the swipe. */
    async rewind() {
      if (!options.rewinds || rewinding || swiped.length === 0) return;
      const { entry, calling } = swiped.pop();
      stack.putBack(entry);
      rewinding = true;
      if ((await calling).status === 200) await callApi(...PATHS.rewind(entry.profile, `load=${options.load}`));
      rewinding = false;
    },
  };
}
