import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

/** Asks before something that can't be undone. The focus goes to Cancel, and back when it is closed. */
export function Confirm(props: {
  title: string;
  children: ComponentChildren;
  /** The text of the button that does it. */
  action: string;
  /** True while it can't be done. */
  isOff?: boolean;
  onConfirm: () => void;
  onCancel: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={props.onCancel}>
      <h2 id={id}>{props.title}</h2>
      {props.children}
      <div class="row">
        <button type="button" onClick={() => dialog.current?.close()}>
          Cancel
        </button>
        <button type="button" class="danger" disabled={props.isOff} onClick={props.onConfirm}>
          {props.action}
        </button>
      </div>
    </dialog>
  );
}
