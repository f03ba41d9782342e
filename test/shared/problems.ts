import { expect } from "vitest";
import { Misconfigured } from "../../shared/config.ts";

/** What is wrong with a configuration, a line each. */
export const problemsOf = (read: () => unknown): string[] => {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(Misconfigured);
    return (error as Misconfigured).message.split("\n");
  }
  throw new Error("The configuration was accepted");
};
