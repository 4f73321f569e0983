/** One change that was made here. Both functions throw AskError. */
export interface Edit {
  readonly make: () => Promise<unknown>;
  readonly takeBack: () => Promise<unknown>;
  /** Shows what it changed. */
  readonly show?: (() => void) | undefined;
}

/** The changes that were made here, and what can be undone and redone. A change that the server refuses stays where it was. */
export class EditHistory {
  readonly #onChange: () => void;
  readonly #done: Edit[] = [];
  readonly #undone: Edit[] = [];

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Keeps a change that was made. What was undone before it can't be redone anymore. */
  keep(edit: Edit): void {
    this.#done.push(edit);
    this.#undone.length = 0;
    this.#onChange();
  }

  /** Takes the last change back. Resolves with false if there is none. Throws AskError. */
  undo(): Promise<boolean> {
    return this.#move(this.#done, this.#undone, (edit) => edit.takeBack());
  }

  /** Makes the change again that was taken back last. Resolves with false if there is none. Throws AskError. */
  redo(): Promise<boolean> {
    return this.#move(this.#undone, this.#done, (edit) => edit.make());
  }

  forget(): void {
    this.#done.length = 0;
    this.#undone.length = 0;
    this.#onChange();
  }

  async #move(from: Edit[], to: Edit[], change: (edit: Edit) => Promise<unknown>): Promise<boolean> {
    const edit = from.at(-1);
    if (!edit) return false;
    await change(edit);
    from.pop();
    to.push(edit);
    this.#onChange();
    edit.show?.();
    return true;
  }
}
