import { callApi } from './calls.js';
import { onExplore } from './open-profile.js';
import { options } from './options.js';

const FEW = 4;

/** No header of the page's own besides this one, which nobody but the API may read. */
const TOKEN = { 'X-Auth-Token': 'of-nobody-but-the-page' };

const after = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * Those who come next. Asks for more while there are few left.
 *
 * @param {() => void} onMore told when somebody came, or when it is sure that nobody will
 */
export function createSupply(onMore) {
  const waiting = [];
  let asking = false;
  let dry = false;

  async function ask() {
    if (asking || dry || waiting.length >= FEW) return;
    asking = true;
    try {
      const { status, answer } = await nextRecs();
      if (status !== 200) {
        await after(1_000); // and then again
      } else {
        const people = answer.data.results.filter(({ type }) => type === 'user');
        const plans = people.length > 0 ? await plansOf(people) : {};
        dry = people.length === 0;
        for (const { user, distance_mi: miles } of people) {
          const { index, ...plan } = plans[user._id];
          waiting.push({ profile: user, miles, index, plan });
        }
        onMore();
      }
    } finally {
      asking = false;
    }
    void ask();
  }

  void ask();
  return {
    take() {
      const entry = waiting.shift();
      void ask();
      return entry;
    },
    /** Takes people back, to give them out first. */
    giveBack: (entries) => void waiting.unshift(...entries),
    isDry: () => dry && waiting.length === 0,
  };
}

async function nextRecs() {
  if (options.recs === 'hidden') {
    const answer = await fetch('/twin/recs');
    return { status: answer.status, answer: await answer.json() };
  }
  return onExplore()
    ? callApi(`/v2/explore/recs?locale=${options.lang}`, 'GET', TOKEN)
    : callApi(`/v2/recs/core?locale=${options.lang}`, 'GET', TOKEN);
}

async function plansOf(people) {
  const answer = await fetch(`/twin/plans?ids=${people.map(({ user }) => user._id).join(',')}`);
  return answer.json();
}
