import { callsDone } from './calls.js';
import { DIALOG_NAMES } from './dialogs.js';
import { options, setOptions } from './options.js';
import { ENDS, LAYERS } from './places.js';
import { allReported } from './reporter.js';

/** What a test can do to the page, as `window.twin`; test/twins/tinder/twin-handle.ts has the types. */
export function createTwin({ dialogs, gamepad, place, layers, stack, swipes }) {
  const onceActive = (open) => {
    if (stack.active()) return open();
    const observer = new MutationObserver(() => {
      if (!stack.active()) return;
      observer.disconnect();
      open();
    });
    observer.observe(document.body, { subtree: true, childList: true });
  };

  return {
    options,
    setOptions,
    show(name) {
      if (DIALOG_NAMES.includes(name)) onceActive(() => dialogs.open(name, stack.active().entry.profile));
      else if (name in LAYERS) layers.show(name);
      else if (name in ENDS) place.force(name);
      else if (name === 'deck') place.force(undefined);
      else if (name === 'signed-out') place.signOut();
      else if (name === 'profile') onceActive(() => stack.active().openProfile());
      else if (name === 'thrown') onceActive(() => stack.throwOff('like'));
      else if (name === 'boost') gamepad.addBoost();
      else throw new Error(`the twin cannot show ${name}`);
    },
    closeDialog: () => dialogs.close(),
    uncover: () => layers.show(undefined),
    closeProfile: () => stack.active()?.closeProfile(),
    rerender: () => stack.rerender(),
    setOutOfLikes: (out) => swipes.setOutOfLikes(out),
    // A challenge lies over everything, the consent layer below a dialog.
    shown: () => (layers.name() === 'challenge' ? 'challenge' : (dialogs.kind() ?? layers.name())),
    active() {
      const entry = stack.active()?.entry;
      if (!entry) return undefined;
      const { index, profile } = entry;
      return { index, id: profile._id, name: profile.name, photos: profile.photos.length };
    },
    async settled() {
      await callsDone();
      await allReported();
    },
  };
}
