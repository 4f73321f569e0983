import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeModelProto, type GraphProto } from '../../onnx/proto.ts';
import { buildTrainingModel } from './training-graph.ts';

/** Returns every operator of a graph, including the bodies inside it. */
function operatorsOf({ node }: GraphProto): string[] {
  return node.flatMap(({ opType, attribute }) => [opType, ...attribute.flatMap(({ g }) => (g ? operatorsOf(g) : []))]);
}

describe('the operators of the training graph', () => {
  const shape = {
    ...{ batchSize: 2, cropSize: 224, classes: 2, width: 1 / 8, momentum: 0.9, weightDecay: 1e-4 },
    mean: new Float32Array(256 * 256),
  };
  const models = [1, 2].map((stepsPerCall) => decodeModelProto(buildTrainingModel({ ...shape, stepsPerCall })));
  const [opset] = models.map(({ opsetImport }) => opsetImport[0]!.version);
  const text = readFileSync(new URL('../../../../docs/training-graph.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` \| (\d+)(?:–(\d+)|\+) \| (\w+) \|$/gm)].map(
    ([, operator, first, last, source]) => ({
      operator,
      first: Number(first),
      last: Number(last ?? first),
      open: !last,
      source,
    }),
  );

  it('are exactly those in the table of docs/training-graph.md, all from the standard domain', () => {
    const used = new Set(models.flatMap(({ graph }) => operatorsOf(graph)));
    expect([...used].toSorted()).toEqual(rows.map(({ operator }) => operator).toSorted());
    for (const { opsetImport } of models) expect(opsetImport).toEqual([{ version: opset }]);
  });

  it('have a CUDA kernel at the graph’s opset, according to a source that the document names', () => {
    const missing = rows.filter(({ first, last, open }) => opset! < first || (!open && opset! > last));
    expect(missing).toEqual([]);
    const sources = [...text.matchAll(/^- \*(\w+)\*:/gm)].map((match) => match[1]);
    expect(rows.filter(({ source }) => !sources.includes(source))).toEqual([]);
  });
});
