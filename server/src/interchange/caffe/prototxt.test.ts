import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandError } from '../../command-error.ts';
import { messagesOf, numberOf, numbersOf, parsePrototxt, textOf, textsOf } from './prototxt.ts';

const parsed = (text: string) => parsePrototxt(text, 'deploy.prototxt');

describe('protobuf’s text format', () => {
  it('is read with comments, both kinds of quotes, brackets and separators', () => {
    const net = parsed(`# a network
      name: "Google" 'Net'   # in two pieces
      input_dim: 1, input_dim: 3; input_dim: [224, 224]
      layer { name: 'conv1/7x7_s2' param <lr_mult: 1.5e-1> param: { lr_mult: 2 } pool: MAX }`);
    expect(textOf(net, 'name')).toBe('GoogleNet');
    expect(numbersOf(net, 'input_dim')).toEqual([1, 3, 224, 224]);
    const [layer] = messagesOf(net, 'layer');
    expect(textsOf(layer, 'name')).toEqual(['conv1/7x7_s2']);
    expect(messagesOf(layer, 'param').map((param) => numberOf(param, 'lr_mult', 0))).toEqual([0.15, 2]);
    expect([textOf(layer, 'pool'), numberOf(layer, 'stride', 7)]).toEqual(['MAX', 7]);
  });

  it.each([
    ['a field without a value', 'name: "a"\ninput:', 'deploy.prototxt isn’t in protobuf’s text format (line 2)'],
    ['an open bracket', 'layer {\n name: "a"\n', 'deploy.prototxt isn’t in protobuf’s text format'],
    ['a closing bracket too many', 'a: 1 }', 'isn’t in protobuf’s text format (line 1)'],
    ['an open list', 'a: [1, 2', 'isn’t in protobuf’s text format'],
    ['an open quote', 'a: 1\n\nname: "Google', 'isn’t in protobuf’s text format (line 3)'],
    ['another sign', 'a: 1\nb: @', 'isn’t in protobuf’s text format (line 2)'],
    ['too much text', 'a'.repeat(1_000_001), 'deploy.prototxt has more than 1000000 characters'],
    ['too many fields', 'a: 1\n'.repeat(20_001), 'deploy.prototxt has too many fields (line 20001)'],
    ['too long a list', `a: [${'1,'.repeat(20_001)}1]`, 'has too many fields'],
    ['too many levels', 'a {'.repeat(100_000), 'has too many fields'],
  ])('is rejected with %s', (_what, text, message) => {
    expect(() => parsed(text)).toThrow(
      expect.objectContaining({ code: 'weights_invalid', message: expect.stringContaining(message) }),
    );
  });

  it('reads a text of a million characters in quotes', () => {
    expect(textOf(parsed(`name: "${'a'.repeat(999_000)}"`), 'name')).toHaveLength(999_000);
    expect(textOf(parsed(`name: "${'\\n'.repeat(499_000)}"`), 'name')).toHaveLength(998_000);
  });

  it('never fails with anything but a code', () => {
    const piece = fc.constantFrom('a', ': ', '{', '}', '<', '>', '[', ']', '"', "'", '\\', '#', '\n', ',', '1', ' ');
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        try {
          parsed(pieces.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(CommandError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
