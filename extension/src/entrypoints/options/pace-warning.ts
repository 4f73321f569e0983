/**
 * The pace is the one limit that is switched off only behind a warning: a dialog in which Escape, and whatever is no plain
 * yes, keeps it.
 */
export class PaceWarning {
  /** @param pace the pace's switch; it stays on until the person has confirmed, and tells of that as of any other change. */
  constructor(dialog: HTMLDialogElement, pace: HTMLInputElement) {
    pace.addEventListener('click', (event) => {
      if (pace.checked) return; // it was off
      event.preventDefault();
      dialog.returnValue = ''; // it still holds what was chosen the last time
      dialog.showModal();
    });
    dialog.addEventListener('close', () => {
      if (dialog.returnValue !== 'no-pause') return;
      pace.checked = false;
      pace.dispatchEvent(new Event('change'));
    });
  }
}
