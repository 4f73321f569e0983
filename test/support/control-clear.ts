import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { controlBox } from './shown-overlay.ts';

/** Drags the control by its handle with the mouse, and drops it on a button. */
export async function dropControl(page: Page, button: Locator): Promise<void> {
  const handle = (await controlBox(page, 'handle'))!;
  const target = (await button.boundingBox())!;
  await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
  await page.mouse.down();
  await page.mouse.move(target.x + target.width / 3, target.y + target.height / 2, { steps: 4 });
  await page.mouse.up();
}

/** Expects the control inside the window, and over no button, link or field that a person can see and reach. */
export async function expectControlClear(page: Page, where: string): Promise<void> {
  const window = page.viewportSize()!;
  const overlapped = async () => {
    const control = await controlBox(page);
    if (!control) return 'the control is not shown';
    const { x, y, width, height } = control;
    if (x < 0 || y < 0 || x + width > window.width || y + height > window.height) return { outside: control };
    return await page.evaluate((box) => {
      const clickable = 'button, a[href], input, textarea, [role=button], [role=tab], iframe';
      return [...document.querySelectorAll(clickable)].flatMap((node) => {
        // The halves of a photo that turn it are as large as the photo.
        const turns = node.matches('[aria-controls]:not([role=tab])');
        if (turns || node.closest('[inert]') || !node.checkVisibility({ visibilityProperty: true })) return [];
        const { left, top, right, bottom } = node.getBoundingClientRect();
        const isApart =
          box.x + box.width <= left || right <= box.x || box.y + box.height <= top || bottom <= box.y || left === right;
        return isApart ? [] : [`${node.localName} ${node.className} ${JSON.stringify({ left, top, right, bottom })}`];
      });
    }, control);
  };
  await expect.poll(overlapped, { timeout: 5_000, interval: 50, message: where }).toEqual([]);
}
