import type { ComponentChildren } from 'preact';

/** Something that people should know. It is announced when it appears. */
export function Notice({ children, kind = 'note' }: { children: ComponentChildren; kind?: 'note' | 'error' }) {
  return (
    <p class={`notice ${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      {children}
    </p>
  );
}
