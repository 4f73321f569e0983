import { demo } from './demo.ts';
import type { SiteName } from './match-patterns.ts';
import type { Site, SitePage, SiteWorld } from './site-adapter.ts';
import { tinder } from './tinder/index.ts';

/** Every site: one adapter and one line each. */
const sites: Readonly<Record<SiteName, Site>> = { tinder, demo };

/** A document of a site that is known. */
export interface OpenSite {
  readonly name: SiteName;
  readonly site: Site;
  readonly page: SitePage;
}

/** Opens a document with the adapter of its site; undefined where no site knows it. */
export function openSite(document: Document, world: SiteWorld): OpenSite | undefined {
  const url = new URL(document.location.href);
  const name = (Object.keys(sites) as SiteName[]).find((known) => sites[known].isMine(url));
  return name && { name, site: sites[name], page: sites[name].open(document, world) };
}
