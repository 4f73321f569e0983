import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import { precisionWords } from './form-lines.ts';

/** What `serve` prints when it is ready: where it listens, with what, how, on what and why, and where the token is. */
export function startLines(url: string, model: ModelAnswer, tokenFile: string): string {
  const { id, threshold, device } = model;
  const threads = device.threadsPerEngine === 1 ? '1 thread' : `${device.threadsPerEngine} threads`;
  const engines = device.engines === 1 ? '1 engine' : `${device.engines} engines`;
  return [
    `Swipenet listens on ${url}`,
    `  model   ${id}, LIKE from ${threshold}`,
    `  form    ${precisionWords(model)}; ${model.precisionReason}`,
    `  device  ${device.name} (${device.executionProvider}), ${engines} × ${threads}; ${device.reason}`,
    `  token   ${tokenFile}`,
    `  demo    ${url}/demo`,
  ].join('\n');
}
