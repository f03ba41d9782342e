import { nowMs } from "../../shared/time.ts";

/** Who holds a slot. */
interface Holder {
  analyst: string;
  fromMs: number;
  untilMs: number;
}

/** Who waits for one. */
interface Waiting {
  slot: string;
  analyst: string;
  untilMs: number;
  rules: Rules;
  answer: (isFree: boolean) => void;
}

/** How many may hold one, how long one may be waited for, and how long it may be held. */
export interface Rules {
  atOnce: number;
  waitMs: number;
  holdMs: number;
}

/** Turns at something that few can do at once. Whoever holds fewest goes first, then who came first: one cannot keep all from the others. */
export class Slots {
  readonly #held = new Map<string, Holder>();
  #waiting: Waiting[] = [];
  readonly #onLost: (analyst: string, heldMs: number) => void;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** @param onLost Told of a slot that was not given back in time. */
  constructor(onLost: (analyst: string, heldMs: number) => void) {
    this.#onLost = onLost;
  }

  /** @returns whether there was one in time */
  async take(slot: string, analyst: string, rules: Rules): Promise<boolean> {
    const isFree = new Promise<boolean>((answer) => {
      this.#waiting.push({ slot, analyst, untilMs: nowMs() + rules.waitMs, rules, answer });
    });
    this.#tend();
    return isFree;
  }

  /** @returns whose it was; null for one that is held no longer */
  giveBack(slot: string): string | null {
    const holder = this.#held.get(slot);
    this.#held.delete(slot);
    this.#tend();
    return holder?.analyst ?? null;
  }

  #tend(): void {
    const now = nowMs();
    for (const [slot, { analyst, fromMs, untilMs }] of this.#held) {
      if (untilMs > now) continue;
      this.#held.delete(slot);
      this.#onLost(analyst, untilMs - fromMs);
    }
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const { slot, analyst, rules, answer } = next;
      this.#held.set(slot, { analyst, fromMs: now, untilMs: now + rules.holdMs });
      this.#waiting = this.#waiting.filter((one) => one !== next);
      answer(true);
    }
    const late = this.#waiting.filter(({ untilMs }) => untilMs <= now);
    this.#waiting = this.#waiting.filter(({ untilMs }) => untilMs > now);
    for (const { answer } of late) answer(false);
    this.#wakeUp(now);
  }

  /** Whose turn it is, if there is a slot. */
  #next(): Waiting | undefined {
    const holding = (analyst: string) =>
      [...this.#held.values()].filter((holder) => holder.analyst === analyst).length;
    return this.#waiting
      .filter(({ rules }) => this.#held.size < rules.atOnce)
      .reduce<Waiting | undefined>(
        (first, one) => (first === undefined || holding(one.analyst) < holding(first.analyst) ? one : first),
        undefined,
      );
  }

  /** Nobody may come by when a wait or a hold ends. Only while somebody waits: a timer keeps the object awake. */
  #wakeUp(now: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#waiting.length === 0) return;
    const ends = [...this.#held.values(), ...this.#waiting].map(({ untilMs }) => untilMs);
    this.#timer = setTimeout(() => this.#tend(), Math.max(1, Math.min(...ends) - now));
  }
}
