import { findOrInstallChromium } from './find-chromium.ts';

/** Vitest's global setup of the browser tests: installs Chromium once, before several files look for it. */
export function setup(): void {
  findOrInstallChromium();
}
