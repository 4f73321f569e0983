import { later } from '../busy.js';
import { drift } from './drift.js';

/** Runs the events planned for the nth card that comes on top, counted from 0. */
export function driftEvents({ layers, stack }) {
  let tops = 0;
  return (entry) => {
    const at = tops;
    tops += 1;
    const soon = (ms, act) => later(() => stack.active()?.entry === entry && act(), ms);
    for (const change of drift.all('cover')) {
      if (change.at !== at) continue;
      soon(change.afterMs, () => layers.cover(change));
      if (change.forMs) later(() => layers.show(undefined), change.afterMs + change.forMs);
    }
    for (const change of drift.all('profile')) {
      if (change.at !== at) continue;
      if (change.how !== 'closes') soon(change.afterMs, () => stack.active().openProfile());
      if (change.how !== 'opens') soon(change.afterMs + change.forMs, () => stack.active().closeProfile());
    }
    for (const change of drift.all('rerender')) if (change.at === at) soon(change.afterMs, () => stack.rerender());
  };
}
