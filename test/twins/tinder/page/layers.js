import { COVERS, offer, placeOver } from './drift/covers.js';
import { LAYERS } from './places.js';

/**
 * What lies over the page without being a dialog of the site's, one at a time; none is taken away by itself.
 *
 * @param {Element} root where it is put
 * @param {(by: string, via: 'button', event: Event, paid: boolean) => void} onDeed
 * @param {Record<string, () => Element | undefined>} targets what a cover can lie over, by name
 */
export function createLayers(root, onDeed, targets) {
  let layer;

  function put(name, node) {
    layer?.node.remove();
    layer = node && { name, node };
    if (node) root.append(node);
  }

  return {
    /** Puts one of the site's layers up; undefined takes it away. */
    show: (name) => put(name, name && LAYERS[name]()),
    /** Puts one of the drift suite's covers up. */
    cover({ how, over }) {
      const { node, shown } = COVERS[how](offer((event) => onDeed(`cover-${how}`, 'button', event, true)));
      put(how === 'harmless' ? 'harmless' : `cover-${how}`, node);
      shown?.();
      placeOver(node, over, targets);
    },
    /** The name of the layer over the page; what is in nobody's way is none. */
    name: () => (layer?.node.isConnected && layer.name !== 'harmless' ? layer.name : undefined),
  };
}
