import { reduceSum, transpose } from '../../onnx/operations.ts';
import type { Value } from '../../onnx/shape-inference.ts';
import type { GradientRule } from './rule.ts';

/** y = a·b for `[…, m, k] · […, k, n]`: dy·bᵀ, aᵀ·dy. */
export const matMulGradient: GradientRule<'MatMul'> = ({ graph, step: { inputs }, dy, wants }) => {
  const [a, b] = [inputs[0]!, inputs[1]!];
  const turned = (x: Value) => {
    const rank = x.shape.length;
    const before = Array.from({ length: rank - 2 }, (_, axis) => axis);
    return transpose(graph, x, [...before, rank - 1, rank - 2]);
  };
  return [
    wants(0) ? graph.apply('MatMul', [dy, turned(b)]) : undefined,
    wants(1) ? graph.apply('MatMul', [turned(a), dy]) : undefined,
  ];
};

/** y = A·B + c, where A is a or aᵀ and B is b or bᵀ: dA = dy·Bᵀ and dB = Aᵀ·dy, transposed back, and dc = Σ dy. */
export const gemmGradient: GradientRule<'Gemm'> = ({ graph, step: { inputs, attributes }, dy, wants }) => {
  const [a, b] = [inputs[0]!, inputs[1]!];
  const { transA = 0, transB = 0 } = attributes;
  const gemm = (left: Value, transLeft: boolean, right: Value, transRight: boolean) =>
    graph.apply('Gemm', [left, right], { transA: transLeft ? 1 : 0, transB: transRight ? 1 : 0 });
  return [
    wants(0) ? (transA ? gemm(b, transB === 1, dy, true) : gemm(dy, false, b, transB !== 1)) : undefined,
    wants(1) ? (transB ? gemm(dy, true, a, transA === 1) : gemm(a, transA !== 1, dy, false)) : undefined,
    wants(2) ? reduceSum(graph, dy, [0]) : undefined,
  ];
};
