import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** More controls than any page has. */
const MOST_TABS = 120;

/** What {@link lookForFocus} says once the focus has left the page. */
const OUTSIDE = 'nothing has the focus';

const soon = { timeout: 10_000, interval: 20 };

/** A person without a mouse. After each key, the focus is on a control or a text that is shown, and can be seen. */
export class Keyboard {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Presses Tab until an element has the focus. */
  async tabTo(target: Locator): Promise<void> {
    await target.waitFor();
    for (let pressed = 0; pressed < MOST_TABS; pressed += 1) {
      await this.page.keyboard.press('Tab');
      const { isThere, problem } = await target.evaluate(lookForFocus);
      // Behind the last control, the focus leaves the page, and comes back at the first one.
      if (problem !== '' && (isThere || problem !== OUTSIDE)) await this.expectFocus();
      if (isThere) return;
    }
    throw new Error(`Tab doesn't reach ${target}`);
  }

  /** Reaches an element with Tab, and presses Enter or another key. */
  async press(target: Locator, key: 'Enter' | 'Space' | 'ArrowRight' | 'ArrowLeft' = 'Enter'): Promise<void> {
    await this.tabTo(target);
    await this.page.keyboard.press(key);
  }

  /** Reaches a field with Tab, which selects what it contains, and types a text over it. */
  async fill(target: Locator, text: string): Promise<void> {
    await this.tabTo(target);
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.type(text);
  }

  /** Expects that the focus is on something that is shown, and that it can be seen where it is. */
  async expectFocus(): Promise<void> {
    const problem = async () => (await this.page.locator(':root').evaluate(lookForFocus)).problem;
    await expect.poll(problem, { ...soon, message: this.page.url() }).toBe('');
  }
}

/** Returns whether an element has the focus, and what is wrong with the focus, or ''. Runs in the page. */
function lookForFocus(target: Element): { isThere: boolean; problem: string } {
  const focused = document.activeElement as HTMLElement | null;
  const found = (problem: string) => ({ isThere: focused === target, problem });
  if (!focused || focused === document.body) return found('nothing has the focus');
  const name = focused.outerHTML.slice(0, 120);
  if (!focused.checkVisibility()) return found(`the focus is on something hidden: ${name}`);
  // The popup's switch shows the focus of its invisible radio buttons on their labels.
  const shown = [focused, focused.nextElementSibling].filter((element) => element !== null);
  const hasRing = shown.some((element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1;
  });
  return found(hasRing ? '' : `the focus can’t be seen: ${name}`);
}
