import { concatGradient, identityGradient, reduceSumGradient, reshapeGradient } from './arrange.ts';
import { convGradient } from './convolution.ts';
import {
  addGradient,
  divGradient,
  expGradient,
  mulGradient,
  reluGradient,
  sqrtGradient,
  subGradient,
} from './elementwise.ts';
import { gemmGradient, matMulGradient } from './linear.ts';
import { localResponseNormGradient } from './local-response-norm.ts';
import { averagePoolGradient, globalAveragePoolGradient, maxPoolGradient } from './pooling.ts';
import type { DifferentiableOp, GradientRule } from './rule.ts';
import { logSoftmaxGradient, softmaxGradient } from './softmax.ts';

/**
 * The gradient of every operator. An operator without a rule doesn't compile. rules.test.ts goes through this table and
 * compares each rule with finite differences.
 */
export const gradientRules: { readonly [Name in DifferentiableOp]: GradientRule<Name> } = {
  Add: addGradient,
  AveragePool: averagePoolGradient,
  Concat: concatGradient,
  Conv: convGradient,
  Div: divGradient,
  Exp: expGradient,
  Flatten: reshapeGradient,
  Gemm: gemmGradient,
  GlobalAveragePool: globalAveragePoolGradient,
  Identity: identityGradient,
  LocalResponseNorm: localResponseNormGradient,
  LogSoftmax: logSoftmaxGradient,
  MatMul: matMulGradient,
  MaxPool: maxPoolGradient,
  Mul: mulGradient,
  ReduceSum: reduceSumGradient,
  Relu: reluGradient,
  Reshape: reshapeGradient,
  Softmax: softmaxGradient,
  Sqrt: sqrtGradient,
  Sub: subGradient,
};
