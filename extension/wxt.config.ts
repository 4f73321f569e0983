import { defineConfig } from 'wxt';

/** The manifest requests only the permissions that Swipenet needs, each with its reason in a comment. */
export default defineConfig({
  srcDir: 'src',
  imports: false, // no auto-imports: readers can see where each name comes from
  manifest: {
    name: '__MSG_extension_name__',
    description: '__MSG_extension_description__',
    default_locale: 'en',
    minimum_chrome_version: '123',
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
    // A server on another machine. Save in the options requests access to that server's origin only.
    optional_host_permissions: ['https://*/*', 'http://*/*'],
    // Chromium didn't assign Alt+Shift+X when we suggested it (November 2026). The browser test checks this one.
    commands: {
      'panic-stop': { suggested_key: { default: 'Alt+Shift+O' }, description: '__MSG_command_panic_stop__' },
    },
  },
});
