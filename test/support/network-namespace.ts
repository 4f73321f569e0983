import { execFileSync } from 'node:child_process';

const ip = (...parameters: readonly string[]) =>
  execFileSync('ip', parameters, { stdio: ['ignore', 'ignore', 'pipe'] });

/** Namespaces of several processes on one machine must not have the same names and addresses. */
const OWN = process.pid % 100_000;

/**
 * A network of its own for a program on this machine, as if it ran on another one: with an address, and with a cable that
 * can be cut. A cut cable loses packets and tells nobody. Linux only, as root.
 */
export class NetworkNamespace {
  /** What to put before a command to run it in here. */
  readonly within: readonly string[];
  readonly address: string;
  readonly #name: string;
  readonly #cable: string;

  /** @throws Error if the system doesn't allow it, with the reason. */
  constructor(index: number) {
    this.#name = `swipenet-${OWN}-${index}`;
    this.#cable = `sw${OWN}-${index}`;
    const network = `10.${200 + (OWN % 50)}.${index}`;
    this.address = `${network}.2`;
    this.within = ['ip', 'netns', 'exec', this.#name];
    ip('netns', 'add', this.#name);
    try {
      ip('link', 'add', this.#cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', this.#name);
      ip('addr', 'add', `${network}.1/24`, 'dev', this.#cable);
      ip('-n', this.#name, 'addr', 'add', `${this.address}/24`, 'dev', 'eth0');
      ip('-n', this.#name, 'link', 'set', 'lo', 'up');
      ip('-n', this.#name, 'link', 'set', 'eth0', 'up');
      this.mend();
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** Makes namespaces, or returns why this machine allows none. */
  static several(count: number): readonly NetworkNamespace[] | string {
    const made: NetworkNamespace[] = [];
    try {
      for (let index = 0; index < count; index += 1) made.push(new NetworkNamespace(index));
      return made;
    } catch (error) {
      for (const namespace of made) namespace.remove();
      return (error as Error).message.trim().split('\n').at(-1)!;
    }
  }

  /** From now on, packets are lost both ways. */
  cut(): void {
    ip('link', 'set', this.#cable, 'down');
  }

  mend(): void {
    ip('link', 'set', this.#cable, 'up');
  }

  /** Removes the network, and its cable with it. */
  remove(): void {
    ip('netns', 'del', this.#name);
  }
}
