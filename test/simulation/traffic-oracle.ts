import type { ScoreRecord } from '../twins/stub-scorer.ts';
import type { TwinRequest } from '../twins/tinder/record.ts';
import type { Violations } from './violations.ts';

/** Headers that the browser itself or the contract puts into a request to the scorer; none tells of a person or a page. */
const HEADERS = [
  'host',
  'connection',
  'content-length',
  'content-type',
  'authorization',
  'user-agent',
  'accept',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'pragma',
  'origin',
  'sec-ch-ua',
  'sec-ch-ua-mobile',
  'sec-ch-ua-platform',
  'sec-fetch-site',
  'sec-fetch-mode',
  'sec-fetch-dest',
  'sec-fetch-storage-access',
  'priority',
];

/** The scorer is sent photos and what the contract names, and nothing else. */
export function checkScoreRequest(score: ScoreRecord, step: number | undefined, violations: Violations): void {
  const { extraFields, fileNames, fileTypes, headerNames, query, photos } = score;
  const strange = headerNames.filter((name) => !HEADERS.includes(name));
  if (strange.length > 0) violations.add(step, 'no header beside the contract’s', strange.join(', '));
  if (extraFields.length > 0) violations.add(step, 'no field beside the contract’s', extraFields.join(', '));
  if (fileNames.join() !== 'photo') violations.add(step, 'files that are all named photo', fileNames.join(', '));
  if (fileTypes.join() !== 'application/octet-stream') {
    violations.add(step, 'files of no type', fileTypes.join(', '));
  }
  if (query) violations.add(step, 'no query', query);
  if (photos.includes(undefined)) violations.add(step, 'photos of the twin’s', 'bytes without a mark');
}

/** The worker asks for photos as nobody in particular; of the site's own addresses it asks for nothing else. */
export function checkTwinRequest({ host, dest, told, path }: TwinRequest, violations: Violations): void {
  if (!host.startsWith('images-') || dest !== 'empty') return;
  const telling = told.filter((name) => name !== 'origin'); // the extension's own, which no person is behind
  if (telling.length > 0)
    violations.add(undefined, 'a photo asked for as nobody', `${telling.join(', ')} with ${path}`);
}
