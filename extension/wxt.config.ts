import { defineConfig } from 'wxt';

/** The manifest asks for as little as the product can do with; each permission has its reason beside it. */
export default defineConfig({
  srcDir: 'src',
  imports: false, // every import is written down: a reader finds where a name comes from
  manifest: {
    name: '__MSG_extension_name__',
    description: '__MSG_extension_description__',
    default_locale: 'en',
    minimum_chrome_version: '123',
    action: { default_title: '__MSG_extension_name__' },
    permissions: ['storage'], // settings and how much was swiped; in memory, this session's counts and verdicts
    host_permissions: [
      // The server on this machine, and the demo page, which it serves.
      'http://127.0.0.1/*',
      'http://localhost/*',
      // The page, and the one host of its photos: the worker fetches them, as a page's own script may not.
      'https://tinder.com/*',
      'https://images-ssl.gotinder.com/*',
    ],
    // A server elsewhere: asked for on Save in the options, that one origin alone.
    optional_host_permissions: ['https://*/*', 'http://*/*'],
    // Of the keys tried, Chromium left Alt+Shift+X unset (November 2026); the browser test holds that this one is set.
    commands: {
      'panic-stop': { suggested_key: { default: 'Alt+Shift+O' }, description: '__MSG_command_panic_stop__' },
    },
  },
});
