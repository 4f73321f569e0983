import { demo } from './demo.ts';
import type { SiteName } from './match-patterns.ts';
import type { Site } from './site-adapter.ts';

/** Every site: one file and one line each. */
export const sites: Readonly<Record<SiteName, Site>> = { demo };

/** The site that a page belongs to. */
export function siteOf(address: string): Site | undefined {
  const url = new URL(address);
  return Object.values(sites).find((site) => site.isMine(url));
}
