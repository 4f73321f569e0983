import { vi } from 'vitest';
import type { Marionette } from './marionette.ts';
import type { ShownOverlay } from './shown-overlay.ts';

/** The key under which WebDriver names an element. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

const soon = { timeout: 8_000, interval: 50 };

/** Keys without a letter, as WebDriver writes them. */
const KEYS: Readonly<Record<string, string>> = { ArrowLeft: '\uE012', ArrowRight: '\uE014', Control: '\uE009' };

/** What a person sees of the control on the page. */
interface ShownControl {
  readonly state: string;
  readonly handle: readonly [x: number, y: number];
  readonly act: readonly [x: number, y: number];
}

/** A tab of Firefox. Each action brings it to the front, because Firefox slows down the others. */
export class FirefoxTab {
  readonly #marionette: Marionette;
  readonly #handle: string;

  constructor(marionette: Marionette, handle: string) {
    this.#marionette = marionette;
    this.#handle = handle;
  }

  /** Loads a page. */
  async goto(url: string): Promise<void> {
    await this.#send('WebDriver:Navigate', { url });
  }

  async url(): Promise<string> {
    return (await this.#send('WebDriver:GetCurrentURL', {}, { focus: false })) as string;
  }

  async bringToFront(): Promise<void> {
    await this.#marionette.send('WebDriver:SwitchToWindow', { handle: this.#handle, focus: true });
  }

  /** Runs a function in the tab, isolated from the page's scripts. It has access only to its arguments. */
  async evaluate<Result, Given = undefined>(act: (given: Given) => Result, given?: Given): Promise<Awaited<Result>> {
    return (await this.#run(act, given as Given)) as Awaited<Result>;
  }

  /** Clicks a visible element, as the person does, once it is there. */
  async click(selector: string, text?: string): Promise<void> {
    await vi.waitFor(async () => {
      const id = await this.#find(selector, text);
      await this.#send('WebDriver:ElementClick', { id });
    }, soon);
  }

  /** Chooses an option of a drop-down list by its text, once it is there. */
  async choose(text: string): Promise<void> {
    await vi.waitFor(async () => {
      const found = await this.#run(
        (reads) => [...document.querySelectorAll('option')].find(({ label }) => label === reads),
        text,
      );
      if (!found) throw new Error(`there is no option that reads “${text}”`);
      await this.#send('WebDriver:ElementClick', { id: (found as { [ELEMENT]: string })[ELEMENT] });
    }, soon);
  }

  /** Replaces the text in a visible field, once it is there. */
  async fill(selector: string, text: string): Promise<void> {
    const id = await vi.waitFor(() => this.#find(selector), soon);
    await this.#send('WebDriver:ElementClear', { id });
    await this.#send('WebDriver:ElementSendKeys', { id, text });
  }

  /** Presses a key, or several at once like `Control+z`. */
  async press(keys: string): Promise<void> {
    const values = keys.split('+').map((key) => KEYS[key] ?? key);
    const actions = [
      ...values.map((value) => ({ type: 'keyDown', value })),
      ...values.toReversed().map((value) => ({ type: 'keyUp', value })),
    ];
    await this.#send('WebDriver:PerformActions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
  }

  /** The text of an element, or undefined if it isn't there or hidden. */
  async text(selector: string): Promise<string | undefined> {
    const text = await this.evaluate((wanted) => {
      const found = document.querySelector<HTMLElement>(wanted);
      return found?.checkVisibility() ? found.textContent : null;
    }, selector);
    return text?.trim();
  }

  /** Reads the overlay. Its shadow root is closed to the page's scripts, so this runs with the browser's rights. */
  async overlay(): Promise<Partial<ShownOverlay>> {
    const parts = await this.#run(
      () => {
        const host = document.querySelector<Element & { openOrClosedShadowRoot: ShadowRoot }>('swipenet-overlay');
        const shown = (selector: string) =>
          [...(host?.openOrClosedShadowRoot.querySelectorAll(selector) ?? [])].find(
            (part) => !part.closest('[hidden]') && part.checkVisibility({ visibilityProperty: true }),
          )?.textContent;
        const note = shown('.note') ?? shown('.toast:not(.remark)') ?? shown('.gone');
        return Object.entries({
          badge: shown('.pill:not(.line)'),
          line: shown('.line'),
          note,
          remark: shown('.remark'),
        });
      },
      undefined,
      { sandbox: 'system' },
    );
    return Object.fromEntries((parts as [string, string | null][]).filter(([, text]) => text !== null));
  }

  /** Reads the control on the page: its state, and the middle of its handle and of its button, in pixels. */
  async control(): Promise<ShownControl | undefined> {
    const shown = await this.#run(
      () => {
        const host = document.querySelector<Element & { openOrClosedShadowRoot: ShadowRoot }>('swipenet-control');
        const part = (name: string) => host!.openOrClosedShadowRoot.querySelector(`.${name}`)!;
        const middle = (name: string) => {
          const { x, y, width, height } = part(name).getBoundingClientRect();
          return [x + width / 2, y + height / 2];
        };
        return host && { state: part('state').textContent, handle: middle('handle'), act: middle('act') };
      },
      undefined,
      { sandbox: 'system' },
    );
    return (shown as ShownControl | null) ?? undefined;
  }

  /** Gives the keyboard's focus to the control's handle. */
  async focusHandle(): Promise<void> {
    await this.#run(
      () => {
        const host = document.querySelector<Element & { openOrClosedShadowRoot: ShadowRoot }>('swipenet-control')!;
        host.openOrClosedShadowRoot.querySelector<HTMLElement>('.handle')!.focus();
      },
      undefined,
      { sandbox: 'system' },
    );
  }

  /** Clicks a point of the page with the mouse. */
  async clickAt([x, y]: readonly [number, number]): Promise<void> {
    const actions = [
      { type: 'pointerMove', x: Math.round(x), y: Math.round(y) },
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ];
    const mouse = { type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions };
    await this.#send('WebDriver:PerformActions', { actions: [mouse] });
  }

  /** A picture of the tab, as PNG. */
  async screenshot(): Promise<Buffer> {
    return Buffer.from((await this.#send('WebDriver:TakeScreenshot', { full: false })) as string, 'base64');
  }

  async close(): Promise<void> {
    await this.#send('WebDriver:CloseWindow');
  }

  async #find(selector: string, text?: string): Promise<string> {
    const found = await this.#run(
      ({ wanted, reads }) =>
        [...document.querySelectorAll<HTMLElement>(wanted)].find(
          (element) => element.checkVisibility() && (reads === null || element.textContent?.trim() === reads),
        ),
      { wanted: selector, reads: text ?? null },
    );
    if (!found) throw new Error(`there is no visible ${selector}${text === undefined ? '' : ` that reads “${text}”`}`);
    return (found as { [ELEMENT]: string })[ELEMENT];
  }

  async #run<Given>(act: (given: Given) => unknown, given: Given, options: object = {}): Promise<unknown> {
    const script = `return (${act})(...arguments)`;
    return await this.#send('WebDriver:ExecuteScript', { script, args: [given], ...options });
  }

  async #send(command: string, parameters: object = {}, { focus = true } = {}): Promise<unknown> {
    await this.#marionette.send('WebDriver:SwitchToWindow', { handle: this.#handle, focus });
    const answer = (await this.#marionette.send(command, parameters)) as { value?: unknown } | unknown[];
    return Array.isArray(answer) ? answer : answer.value;
  }
}
