import { nowMs } from "../../shared/time.ts";
import { reasonOf } from "../command.ts";

/** What was done, and how long it took. */
export interface Step {
  step: string;
  durationS: number;
}

/** Does one thing after the other, and tells of each. */
export class Steps {
  readonly done: Step[] = [];
  readonly #log: (text: string) => void;

  constructor(log: (text: string) => void) {
    this.#log = log;
  }

  /** @throws what the work throws, with the step that it was */
  async take<Result>(step: string, work: () => Promise<Result>): Promise<Result> {
    this.#log(`${step} …`);
    const startedMs = nowMs();
    try {
      return await work();
    } catch (error) {
      throw new Error(`${step}: ${reasonOf(error)}`, { cause: error });
    } finally {
      this.done.push({ step, durationS: Math.round((nowMs() - startedMs) / 100) / 10 });
    }
  }
}
