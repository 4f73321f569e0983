import { BUILT_EXTENSIONS } from '../../config/built-extensions.ts';

/** Says where the builds of the extension are, and how to load them. */
export const extensionLines = (): readonly string[] => [
  `The extension for Chromium is in ${BUILT_EXTENSIONS.chrome}`,
  '  To load it, open chrome://extensions, turn on Developer mode, and click Load unpacked.',
  `The extension for Firefox is in ${BUILT_EXTENSIONS.firefox}`,
  '  To load it, open about:debugging#/runtime/this-firefox and click Load Temporary Add-on.',
];
