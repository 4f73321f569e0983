import { onExplore } from './open-profile.js';
import { ENDS, LAYERS, landing } from './places.js';

/**
 * What stands where the deck is: the deck, or one of the ends; and the layers over it.
 *
 * @param {{app: Element, main: Element, modals: Element, parts: Element[], stack: object, supply: object}} page
 */
export function createPlace({ app, main, modals, parts, stack, supply }) {
  let forced;
  let shown;
  let end;
  let layer;

  function update() {
    const name = forced ?? wanted();
    if (name === shown) return;
    shown = name;
    end?.remove();
    end = name === 'deck' ? undefined : ENDS[name]();
    const [stackNode, gamepad] = parts;
    if (end) {
      gamepad.remove();
      main.prepend(stackNode); // the region stays, without a card
      main.append(end);
    } else {
      main.prepend(stackNode);
      main.append(gamepad);
    }
  }

  function wanted() {
    if (!stack.isEmpty()) return 'deck';
    if (!supply.isDry()) return 'searching';
    return onExplore() ? 'explore-exhausted' : 'beacon';
  }

  return {
    update,
    isForced: () => forced !== undefined,
    /** Leads to an end, whoever is left; undefined leads back. */
    force(name) {
      forced = name;
      if (name) stack.clear();
      else stack.refill();
      update();
    },
    /** The person is signed out: another page, without a load. */
    signOut() {
      forced = 'beacon'; // behind the landing page nothing goes on
      stack.clear();
      history.pushState(null, '', '/');
      app.replaceChildren(landing());
    },
    /** Puts a layer over the page, one at a time; none takes it away. */
    cover(name) {
      layer?.node.remove();
      layer = name && { name, node: LAYERS[name]() };
      if (layer) modals.append(layer.node);
    },
    /** The name of the layer over the page. */
    layer: () => (layer?.node.isConnected ? layer.name : undefined),
  };
}
