import browser from 'webextension-polyfill';

/** What Firefox calls the person's swipes. The manifest for Firefox declares it as optional, for Learn. */
const SWIPES = 'websiteActivity';

/**
 * Asks Firefox whether the extension may collect the person's swipes. Firefox asks only while it handles a click, so nothing
 * may be awaited before. Other browsers know no such permission, and there this resolves to true.
 */
export async function mayCollectSwipes(): Promise<boolean> {
  const { browser_specific_settings: settings } = browser.runtime.getManifest();
  return !settings?.gecko || (await browser.permissions.request({ data_collection: [SWIPES] }));
}

/** Calls back when the person has taken that permission back in Firefox. */
export function onCollectionEnded(ended: () => void): void {
  browser.permissions.onRemoved.addListener(({ data_collection: kinds }) => {
    if (kinds?.includes(SWIPES)) ended();
  });
}
