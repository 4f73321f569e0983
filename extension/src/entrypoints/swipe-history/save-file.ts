import { systemClock } from '../../clock.ts';

/** Has the browser save a file as `swipenet-WHAT-DATE.EXTENSION`. */
export function saveFile(what: string, extension: 'csv' | 'json', content: string): void {
  const type = { csv: 'text/csv', json: 'application/json' }[extension];
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = `swipenet-${what}-${systemClock.date().toISOString().slice(0, 10)}.${extension}`;
  link.click();
  URL.revokeObjectURL(link.href);
}
