import { describe, expect, it } from 'vitest';
import { toJavaScript } from './javascript.ts';

describe('JavaScript for the package', () => {
  const convert = (text: string) => toJavaScript('server/src/home/home.ts', text);

  it('has no types, and the same lines', () => {
    const { code, path } = convert('interface A {\n  readonly b: number;\n}\nexport const c: A = { b: 1 };\n');
    expect(code.split('\n').map((line) => line.trimEnd())).toEqual(['', '', '', 'export const c    = { b: 1 };', '']);
    expect(path).toBe('server/src/home/home.js');
  });

  it('names its files as JavaScript, wherever they are', () => {
    const { code, files } = convert(
      [
        `import { a } from './a.ts';`,
        `import {\n  b,\n} from '@swipenet/shared/contract/b.ts';`,
        `new URL('../child/c.ts', import.meta.url);`,
        `await import('../d.ts');`,
      ].join('\n'),
    );
    expect(code.match(/'[^']+'/g)).toEqual([
      `'./a.js'`,
      `'../../../shared/src/contract/b.js'`,
      `'../child/c.js'`,
      `'../d.js'`,
    ]);
    expect(files).toEqual([
      'server/src/home/a.js',
      'shared/src/contract/b.js',
      'server/src/child/c.js',
      'server/src/d.js',
    ]);
  });

  it('knows the packages that it needs to run, and not those that it takes only types from', () => {
    const { packages } = convert(
      [
        `import type { Hono } from 'hono';`,
        `import { serve } from '@hono/node-server';`,
        `import {\n  a,\n  b,\n} from 'zod/mini';`,
        `import { join } from 'node:path';`,
        `const style = import.meta.resolve('uplot/dist/uPlot.min.css');`,
        `const runtime = await import('onnxruntime-node');`,
        `const text = 'taken from hono';`,
      ].join('\n'),
    );
    expect(packages).toEqual(['@hono/node-server', 'zod', 'uplot', 'onnxruntime-node']);
  });
});
