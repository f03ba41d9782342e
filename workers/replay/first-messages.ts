import { compare, type Position } from "./position.ts";

/** A message of the archive that has yet to be read. */
export interface Found extends Position {
  text: string;
  /** Of the object that it lies in. */
  key: string;
  /** Size, in characters, of what becomes of it in memory. */
  weight: number;
}

/**
 * The first messages of those that are added in any order, as many as weigh no more than a limit; one at least. A
 * message that was archived twice is one.
 */
export class FirstMessages {
  readonly #mostWeight: number;
  #messages: Found[] = [];
  /** The first of those for which there was no room: nothing at or after it may come in. */
  #left: Position | null = null;

  constructor(mostWeight: number) {
    this.#mostWeight = mostWeight;
  }

  add(messages: Found[]): void {
    const { length } = this.#messages;
    for (const message of messages) {
      if (this.#left === null || compare(message, this.#left) < 0) this.#messages.push(message);
    }
    if (this.#messages.length === length) return;
    const sorted = this.#messages
      .sort(compare)
      .filter((message, at, all) => compare(message, all[at - 1] ?? message) !== 0 || at === 0);
    let weight = 0;
    const end = sorted.findIndex((message, at) => {
      weight += message.weight;
      return at > 0 && weight > this.#mostWeight;
    });
    this.#left = sorted[end] ?? this.#left;
    this.#messages = end < 0 ? sorted : sorted.slice(0, end);
  }

  get weight(): number {
    return this.#messages.reduce((sum, { weight }) => sum + weight, 0);
  }

  /** Whether messages were left out. */
  get isFull(): boolean {
    return this.#left !== null;
  }

  /** Whether nothing received from a moment on could come in. */
  isClosedFrom(ms: number): boolean {
    return this.#left !== null && this.#left.receivedMs < ms;
  }

  /** In order. */
  toList(): Found[] {
    return this.#messages;
  }
}
