import { sqlState } from "../../shared/database.ts";
import { ToolRefusal } from "./tool.ts";

/** Why a call has no answer. */
export interface Failure {
  outcome: "refused" | "failed";
  /** A word of ours, or the SQLSTATE. */
  reason: string;
  /** For whoever asked. */
  message: string;
  /** Whether it is for us to look at. */
  isOurs: boolean;
}

/** SQLSTATE classes of what is wrong with a statement or its parameters, or is not served: the server's own words help to mend it. */
const MENDABLE = /^(0A|21|22|23|25|26|2F|34|39|42|44|54|55|P0)/;

/** What a failure means to whoever asked. The statement is in no text of it that goes to the log. */
export function failureOf(error: unknown, schemas: readonly string[], statementS: number): Failure {
  if (error instanceof ToolRefusal) {
    return { outcome: "refused", reason: error.reason, message: error.message, isOurs: false };
  }
  const state = sqlState(error);
  const failed = (message: string, isOurs = false): Failure => ({
    ...{ outcome: "failed", reason: state ?? "database_unavailable", message, isOurs },
  });
  if (state === null || /^(08|28|3D|57P|58)/.test(state)) {
    return failed(
      "The database does not answer. Nothing is wrong with the question: ask again in a few seconds.",
      true,
    );
  }
  if (state === "57014") {
    return failed(
      `It took longer than ${statementS} s and was ended. Ask for fewer days or vehicles, or read a roll-up (catalogue://index) instead of positions; "explain" shows where it is slow.`,
    );
  }
  if (/^53/.test(state)) {
    return failed(
      "It needs more memory, disk or connections than analysts may take. Ask for less at a time.",
    );
  }
  if (!MENDABLE.test(state)) return failed("Something failed on our side. It is in the log.", true);
  const { message, detail, hint } = error as { message: string; detail?: string; hint?: string };
  return failed(
    [
      `${message} (SQLSTATE ${state}).`,
      ...(detail ? [`Detail: ${detail}`] : []),
      ...(hint ? [`Hint: ${hint}`] : []),
      ...(HINTS[state] === undefined ? [] : [HINTS[state](schemas)]),
    ].join(" "),
  );
}

const HINTS: Record<string, (schemas: readonly string[]) => string> = {
  "42501": (schemas) => `You may read the schemas ${schemas.join(", ")}, and change nothing.`,
  "42601": () => "One statement that reads is taken: select, with … select, values or table.",
  "42P01": () => "list_tables says which tables there are; write them with their schema.",
  "42703": () => "describe_table lists the columns.",
};
