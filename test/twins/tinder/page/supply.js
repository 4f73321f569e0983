import { busy } from './busy.js';
import { callApi } from './calls.js';
import { drift } from './drift/drift.js';
import { lateData, readAnswer, shapeQuery } from './drift/page-data.js';
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
 * @param {(entries: object[]) => void} onData called when the page's own data arrives after its cards
 */
export function createSupply(onMore, onData) {
  const waiting = [];
  let asking = false;
  let dry = false;
  let answers = 0;

  async function ask() {
    if (asking || dry || waiting.length >= FEW) return;
    asking = true;
    const over = busy();
    try {
      const { status, answer } = await nextRecs();
      if (status !== 200) {
        await after(1_000); // and then again
      } else {
        const people = readAnswer(answer).filter(({ type }) => type === 'user');
        const plans = people.length > 0 ? await plansOf(people) : {};
        dry = people.length === 0;
        const entries = people.map(({ user, distance_mi: miles }) => {
          const { index, ...plan } = plans[user._id];
          return { profile: user, miles, index, plan };
        });
        waiting.push(...entries);
        const late = lateData(entries);
        onMore();
        if (late && entries.length > 0) void tellLate(late, entries, answers);
        answers += 1;
      }
    } finally {
      asking = false;
      over();
    }
    void ask();
  }

  async function tellLate({ afterMs, complete }, entries, answer) {
    const over = busy();
    await after(afterMs);
    await callApi(`${recsPath()}&again=${answer}`, 'GET', TOKEN);
    complete();
    onData(entries);
    over();
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
  if (options.recs === 'hidden' || drift.get('late-data')) {
    const answer = await fetch('/twin/recs');
    return { status: answer.status, answer: await answer.json() };
  }
  return callApi(recsPath(), 'GET', TOKEN);
}

const recsPath = () => {
  const version = drift.get('api-path') ? 'v3' : 'v2';
  return `/${version}/${onExplore() ? 'explore/recs' : 'recs/core'}?locale=${options.lang}${shapeQuery()}`;
};

async function plansOf(people) {
  const answer = await fetch(`/twin/plans?ids=${people.map(({ user }) => user._id).join(',')}`);
  return answer.json();
}
