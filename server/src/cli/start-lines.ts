import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';

/** What `serve` prints when it is ready: where it listens, with what, on what and why, and where the token is. */
export function startLines(url: string, { id, threshold, device }: ModelAnswer, tokenFile: string): string {
  const threads = device.threadsPerEngine === 1 ? '1 thread' : `${device.threadsPerEngine} threads`;
  const engines = device.engines === 1 ? '1 engine' : `${device.engines} engines`;
  return [
    `Swipenet listens on ${url}`,
    `  model   ${id}, LIKE from ${threshold}`,
    `  device  ${device.name} (${device.executionProvider}), ${engines} × ${threads}; ${device.reason}`,
    `  token   ${tokenFile}`,
    `  demo    ${url}/demo`,
  ].join('\n');
}
