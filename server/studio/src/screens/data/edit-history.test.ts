import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EditHistory } from './edit-history.ts';

/** A history of edits that each add one number to a list, which an undo takes off. */
function numberHistory() {
  const list: number[] = [];
  const history = new EditHistory(() => {});
  const add = (value: number) => {
    list.push(value);
    history.keep({ make: async () => list.push(value), takeBack: async () => list.pop() });
  };
  return { list, history, add };
}

describe('a history of edits', () => {
  it('keeps the same list as lists that are copied for every step', async () => {
    const step = fc.oneof(fc.nat(9), fc.constantFrom('undo' as const, 'redo' as const));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { list, history, add } = numberHistory();
        let [versions, current]: [number[][], number] = [[[]], 0];
        for (const step of steps) {
          if (step === 'undo') {
            expect(await history.undo()).toBe(current > 0);
            current = Math.max(0, current - 1);
          } else if (step === 'redo') {
            expect(await history.redo()).toBe(current < versions.length - 1);
            current = Math.min(versions.length - 1, current + 1);
          } else {
            add(step);
            versions = [...versions.slice(0, current + 1), [...versions[current]!, step]];
            current += 1;
          }
          expect(list).toEqual(versions[current]);
          expect(history).toMatchObject({ canUndo: current > 0, canRedo: current < versions.length - 1 });
        }
      }),
    );
  });

  it('leaves a change where it was if taking it back fails', async () => {
    const history = new EditHistory(() => {});
    history.keep({ make: async () => {}, takeBack: () => Promise.reject(new Error('refused')) });
    await expect(history.undo()).rejects.toThrow('refused');
    expect(history).toMatchObject({ canUndo: true, canRedo: false });
  });

  it('has nothing to undo once forgotten', async () => {
    const { history, add } = numberHistory();
    add(1);
    history.forget();
    expect(await history.undo()).toBe(false);
  });
});
