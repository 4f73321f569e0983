/** What a person clicks or types into. A frame may hold such things. */
const CLICKABLE =
  'a[href], button, input, select, textarea, summary, iframe, [role=button], [role=link], [role=tab], [contenteditable=true]';

/** An element that takes more of the window than this is an area, not a button. */
const MOST_OF_WINDOW = 0.25;

/** Returns where a page's visible buttons, links and fields are. `isArea` recognizes those that only look like one to a script. */
export function clickableBoxes(document: Document, isArea: (element: Element) => boolean = () => false): DOMRect[] {
  const { innerWidth = 0, innerHeight = 0 } = document.defaultView ?? {};
  const most = innerWidth * innerHeight * MOST_OF_WINDOW;
  const boxes: DOMRect[] = [];
  for (const element of document.querySelectorAll(CLICKABLE)) {
    if (element.closest('[inert]') || isArea(element)) continue;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const box = element.getBoundingClientRect();
    const isInside = box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight;
    const area = box.width * box.height;
    if (isInside && area > 0 && area <= most) boxes.push(box);
  }
  return boxes;
}
