import { findOrInstallChromium } from './find-chromium.ts';
import { findOrInstallFirefox } from './find-firefox.ts';

/** Vitest's global setup of the browser tests: installs Chromium and Firefox once, before several files look for them. */
export function setup(): void {
  findOrInstallChromium();
  findOrInstallFirefox();
}
