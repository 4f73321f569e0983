import type { ComponentChildren } from 'preact';

/** What scrolls sideways in a narrow window, such as a table. The keyboard reaches it, so it can scroll it, too. */
export function Scroll({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: otherwise the keyboard couldn't scroll it
    <section class="scroll" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
