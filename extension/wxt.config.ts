import { type ConfigEnv, defineConfig, type UserManifest } from 'wxt';

/**
 * Gives the unpacked build the same ID in every folder: bdhkodhfnedebnnnnkeedjnombpngpam. It is a public key whose private
 * half was never kept. The store signs with a key of its own, so store.config.ts leaves it out.
 */
const UNPACKED_KEY =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1e1ncigVTaYuYVluFCI2FSFpP+kcIcH23nxazMBSEw9r+tR3Ks/uJCF4zoxTJzfPsPpfcpEDFz2' +
  '47DZnrDWFw/lhkzDnRG3bPmEJKKa4LyxhLamUhVfICn5TUngqxQRe3qZe6N+WcCi9AWpOjso+vJIQWzAQC8v5B2xKldU4u6Yaj+tp8Bh33tjnKPn8ZCiL9VD' +
  'Mqk5akYOnw9Mr8VFwrOsZsgpP8FViO9l9oAcH2h7eBb56z4TaLnQCNC93dnsfKo/zNnzmW13SxeS9hMnKHC7jR2j2FScKsUD3qFulgJ6/6clcdURVzyDkrme' +
  'cOGkyCpaqFHdZGvKNnkkUUFIBwIDAQAB';

/** Requests only the permissions that Swipenet needs, each with its reason in a comment. */
const shared: UserManifest = {
  name: '__MSG_extension_name__',
  description: '__MSG_extension_description__',
  default_locale: 'en',
  action: { default_title: '__MSG_extension_name__' },
  permissions: [
    'storage', // on disk: settings, swipe counts and labels; in memory: this session's counts and verdicts
    'alarms', // tries again to deliver labels, once a minute while some wait for the server
  ],
  host_permissions: [
    // The server on this machine and the demo page that it serves.
    'http://127.0.0.1/*',
    'http://localhost/*',
    // tinder.com and the host of its photos. The worker downloads the photos because a content script may not.
    'https://tinder.com/*',
    'https://images-ssl.gotinder.com/*',
  ],
  // Says that swiping has stopped, if the person turns that on in the options.
  optional_permissions: ['notifications'],
  // A server on another machine. Save in the options requests access to that server's origin only.
  optional_host_permissions: ['https://*/*', 'http://*/*'],
  // Chromium takes at most four suggestions, so Learn and Why have none. With Alt+Shift, it assigns none of A, B, C, N, P, R, T, W, X
  // and Z (November 2026). The browser test checks these. K pauses videos, too, and G is for go. Each mode has a command of
  // its own, because cycling to the next one could pass Swipe.
  commands: {
    'panic-stop': { suggested_key: { default: 'Alt+Shift+O' }, description: '__MSG_command_panic_stop__' },
    'pause-resume': { suggested_key: { default: 'Alt+Shift+K' }, description: '__MSG_command_pause_resume__' },
    'mode-show': { suggested_key: { default: 'Alt+Shift+S' }, description: '__MSG_command_mode_show__' },
    'mode-swipe': { suggested_key: { default: 'Alt+Shift+G' }, description: '__MSG_command_mode_swipe__' },
    why: { description: '__MSG_command_why__' },
    'mode-learn': { description: '__MSG_command_mode_learn__' },
  },
};

const firefox: UserManifest = {
  // Firefox's default policy would turn http://127.0.0.1 into https://127.0.0.1, where no server listens.
  content_security_policy: { extension_pages: "script-src 'self'; object-src 'self'" },
  browser_specific_settings: {
    gecko: {
      id: 'swipenet@swipenet.dev',
      strict_min_version: '142.0', // the first one that, on Android too, asks for these kinds of data
      // Photos go to the server. In Learn, the person's swipes do, too; its consent requests that.
      data_collection_permissions: { required: ['websiteContent'], optional: ['websiteActivity'] },
    },
  },
};

/** Returns the manifest that the stores get. */
export function storeManifest({ browser }: ConfigEnv): UserManifest {
  return browser === 'firefox' ? { ...shared, ...firefox } : { ...shared, minimum_chrome_version: '123' };
}

/**
 * Takes out of the content scripts what only readers of the source need, and the bundler leaves in: the spaces in style
 * sheets, and the reasons and dates of anchors.
 */
const smallTexts = {
  name: 'small-texts',
  enforce: 'pre' as const,
  transform(code: string, id: string): string | undefined {
    if (id.endsWith('-style.ts')) {
      return code.replaceAll(/`[^`]+`/g, (css) => css.replaceAll(/\s*([{};:,])\s*/g, '$1').replaceAll(/\s+/g, ' '));
    }
    if (id.endsWith('/anchors.ts'))
      return code.replaceAll(/(anchor\((?:'[^']*'|`[^`]*`))(?:, ?['"][^'"]*['"])+\)/g, '$1)');
    return undefined;
  },
};

export default defineConfig({
  srcDir: 'src',
  imports: false, // no auto-imports: readers can see where each name comes from
  vite: () => ({ plugins: [smallTexts] }),
  manifestVersion: 3, // in Firefox, too
  outDir: '../dist', // a visible folder, because people choose it in the browser's dialog
  outDirTemplate: 'extension-{{browser}}',
  manifest: (build) => ({ ...storeManifest(build), ...(build.browser === 'chrome' && { key: UNPACKED_KEY }) }),
  zip: {
    name: 'swipenet',
    artifactTemplate: '{{name}}-{{version}}-{{browser}}.zip',
    sourcesTemplate: '{{name}}-{{version}}-sources.zip',
    // What the add-on store's reviewers need to build it.
    sourcesRoot: '..',
    includeSources: [
      'docs/extension.md',
      'package.json',
      'pnpm-*.yaml',
      'tsconfig.base.json',
      'LICENSE',
      '{extension,shared}/**',
    ],
    excludeSources: ['**/node_modules/**', '**/.wxt/**', '**/*.test.ts'],
  },
});
