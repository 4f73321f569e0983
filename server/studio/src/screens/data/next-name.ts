/** The most letters that a dataset's name may have. */
const MOST_LETTERS = 64;

/** Returns a free name for the next version: `flowers-2` after `flowers`. It cuts a stem that leaves no room. */
export function nextName(name: string, taken: readonly string[]): string {
  const [, stem = name, version = '1'] = /^(.*?)(?:-(\d{1,6}))?$/.exec(name.toLowerCase()) ?? [];
  for (let next = Number(version) + 1; ; next += 1) {
    const end = `-${next}`;
    const free = stem.slice(0, MOST_LETTERS - end.length) + end;
    if (!taken.includes(free)) return free;
  }
}
