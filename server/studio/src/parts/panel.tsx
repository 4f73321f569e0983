import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** A part of a screen, with its own heading. */
export function Panel({
  title,
  children,
  actions,
}: {
  title: string;
  children: ComponentChildren;
  actions?: ComponentChildren;
}) {
  const id = useId();
  return (
    <section class="panel" aria-labelledby={id}>
      <div class="row between">
        <h2 id={id}>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}

/** Figures with their names, such as `Photos  1,204`. */
export function Figures({ of }: { of: readonly (readonly [name: string, value: ComponentChildren])[] }) {
  return (
    <dl class="figures">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** How much of something is used, as a bar and in words. */
export function Meter({ name, share, words }: { name: string; share: number; words: string }) {
  return (
    <div class="meter">
      <span>{name}</span>
      <meter min={0} max={1} value={share} aria-label={name}>
        {words}
      </meter>
      <span class="value">{words}</span>
    </div>
  );
}
