import { COVERS, offer, placeOver } from './drift/covers.js';
import { LAYERS } from './places.js';

/**
 * Shows one thing at a time over the page that isn't a dialog of the site. It stays until it is replaced.
 *
 * @param {Element} root the parent of what is shown
 * @param {(by: string, via: 'button', event: Event, paid: boolean) => void} onDeed
 * @param {Record<string, () => Element | undefined>} targets what a cover can cover, by name
 */
export function createLayers(root, onDeed, targets) {
  let layer;

  function put(name, node, into = root) {
    layer?.node.remove();
    layer = node && { name, node };
    if (node) into.append(node);
  }

  return {
    /** Shows one of the site's layers; undefined removes it. */
    show: (name) => put(name, name && LAYERS[name]()),
    /** Shows one of the drift suite's covers. */
    cover({ how, over }) {
      const { node, shown, within } = COVERS[how](offer((event) => onDeed(`cover-${how}`, 'button', event, true)));
      put(how === 'harmless' ? 'harmless' : `cover-${how}`, node, within ? targets[over]?.() : root);
      shown?.();
      if (!within) placeOver(node, over, targets);
    },
    /** The name of what covers the page; undefined for a harmless layer. */
    name: () => (layer?.node.isConnected && layer.name !== 'harmless' ? layer.name : undefined),
  };
}
