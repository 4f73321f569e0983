/** What a cache of photos needs. */
export interface PhotoCacheOptions<Value> {
  /** How many values stay in memory. */
  readonly kept: number;
  /** The most photos in a request. */
  readonly most: number;
  /** Asks the server for photos of a dataset, and returns one value for each. */
  readonly ask: (dataset: string, numbers: readonly number[]) => Promise<readonly Value[]>;
}

/** Keeps what the server says about photos. Photos that are asked for in the same frame come in one request. */
export class PhotoCache<Value> {
  readonly #options: PhotoCacheOptions<Value>;
  /** Values by dataset, version and number, the one used last at the end. */
  readonly #known = new Map<string, Promise<Value>>();
  /** Photos of each dataset that were asked for since the last request. */
  readonly #asked = new Map<string, [number: number, resolve: (value: Promise<Value>) => void][]>();

  constructor(options: PhotoCacheOptions<Value>) {
    this.#options = options;
  }

  /**
   * Returns a photo's value. Throws AskError, and then asks again the next time.
   *
   * @param version changes when the server would say something else about the same photo.
   */
  get(dataset: string, number: number, version = ''): Promise<Value> {
    const key = `${dataset} ${version} ${number}`;
    const before = this.#known.get(key);
    const { promise, resolve } = Promise.withResolvers<Value>();
    const value = before ?? promise;
    this.#known.delete(key);
    this.#known.set(key, value);
    if (before) return before;
    const [oldest] = this.#known.keys();
    if (this.#known.size > this.#options.kept && oldest !== undefined) this.#known.delete(oldest);
    value.catch(() => this.#known.delete(key));
    if (this.#asked.size === 0) requestAnimationFrame(() => this.#request());
    this.#asked.set(dataset, [...(this.#asked.get(dataset) ?? []), [number, resolve]]);
    return value;
  }

  #request(): void {
    const { most, ask } = this.#options;
    for (const [dataset, entries] of this.#asked) {
      for (let first = 0; first < entries.length; first += most) {
        const batch = entries.slice(first, first + most);
        const numbers = batch.map(([number]) => number);
        const values = ask(dataset, numbers);
        for (const [at, [, resolve]] of batch.entries()) resolve(values.then((all) => all[at]!));
      }
    }
    this.#asked.clear();
  }
}
