import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import { precisionWords } from './form-lines.ts';
import type { ListeningForHome } from './start-listening.ts';

/**
 * What `serve` prints when it is ready: where it listens, with what, how, on what and why, where the token is, and
 * whether the commands of its home speak to another server.
 */
export function startLines(
  { url, firstUrl }: Pick<ListeningForHome, 'url' | 'firstUrl'>,
  model: ModelAnswer,
  tokenFile: string,
): string {
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
    ...(firstUrl === undefined ? [] : [`  other   ${otherWords(firstUrl)}`]),
  ].join('\n');
}

const otherWords = (url: string) =>
  `another server runs with this home, on ${url}; status, pair and models activate speak to that one until it ends`;
