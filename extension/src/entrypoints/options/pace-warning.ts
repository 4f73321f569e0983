/** Shows a warning before the pace is turned off. The pace stays on unless the person confirms; Escape counts as no. */
export class PaceWarning {
  /** @param pace the checkbox of the pace. It stays checked until the person confirms, and then fires `change` as usual. */
  constructor(dialog: HTMLDialogElement, pace: HTMLInputElement) {
    pace.addEventListener('click', (event) => {
      if (pace.checked) return; // it was off
      event.preventDefault();
      dialog.returnValue = ''; // it still has the previous choice
      dialog.showModal();
    });
    dialog.addEventListener('close', () => {
      if (dialog.returnValue !== 'no-pause') return;
      pace.checked = false;
      pace.dispatchEvent(new Event('change'));
    });
  }
}
