/**
 * Returns whether a person can see the element. Being in the document isn't enough: dating pages keep dialogs around
 * that are hidden or off screen. For example, tinder.com/app/explore always has one below the window.
 */
export function isVisible(element: Element): boolean {
  if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const window = element.ownerDocument.defaultView;
  if (!window || right <= left || bottom <= top) return false;
  return right > 0 && bottom > 0 && left < window.innerWidth && top < window.innerHeight;
}
