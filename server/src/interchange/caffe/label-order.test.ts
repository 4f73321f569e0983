import { describe, expect, it } from 'vitest';
import { labelOrder } from './label-order.ts';

describe('the order of two classes', () => {
  it.each([
    [['LIKE', 'NOPE'], {}, 'LIKE,NOPE'],
    [['nope', 'like'], {}, 'NOPE,LIKE'],
    [['dislike', 'Like'], {}, 'NOPE,LIKE'],
    [['Nope', 'yes'], {}, 'NOPE,LIKE'],
    [['yes', 'nope'], {}, 'LIKE,NOPE'],
    [['hot', 'cold'], { like: 'hot' }, 'LIKE,NOPE'],
    [['cold', 'hot'], { like: 'hot' }, 'NOPE,LIKE'],
    [['1', '0'], { classes: 'LIKE,NOPE' }, 'LIKE,NOPE'],
    [['LIKE', 'NOPE'], { classes: 'LIKE,NOPE', like: 'LIKE' }, 'LIKE,NOPE'],
  ] as const)('of %s with %o is %s', (labels, choices, order) => {
    expect(labelOrder(labels, choices)).toBe(order);
  });

  it.each([
    [['hot', 'cold'], {}, '--like is required: which label means LIKE: hot or cold'],
    [['hot', 'cold'], { like: 'warm' }, '--like warm is not in labels.txt, which has hot, cold'],
    [
      ['LIKE', 'NOPE'],
      { like: 'NOPE' },
      '--like contradicts the labels LIKE, NOPE of labels.txt, whose order is LIKE,NOPE',
    ],
    [['LIKE', 'NOPE'], { classes: 'NOPE,LIKE' }, '--classes contradicts the labels LIKE, NOPE of labels.txt'],
    [['a', 'b'], { like: 'a', classes: 'NOPE,LIKE' }, '--classes contradicts the labels a, b'],
  ] as const)('of %s with %o is refused', (labels, choices, message) => {
    expect(() => labelOrder(labels, choices)).toThrow(
      expect.objectContaining({ code: 'option_invalid', message: expect.stringContaining(message) }),
    );
  });
});
