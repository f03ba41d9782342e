import type * as z from "zod";
import type { AnalystRecord } from "../../shared/analysts.ts";

/** Runs a statement of ours as the analysts' role, in the read-only transaction of the call. Parameters travel as text. */
export type Read = <Row extends object>(
  statement: string,
  parameters?: (string | number | null)[],
) => Promise<Row[]>;

/** What a tool has. */
export interface ToolContext {
  analyst: AnalystRecord;
  read: Read;
}

/** What a tool answers with: JSON text, passed on as it is. */
export interface ToolAnswer {
  body: string;
  /** Rows in it, for the audit; null where it is none. */
  rowCount: number | null;
}

/** A tool that asks with statements of ours. */
export interface Tool<Input extends z.ZodObject = z.ZodObject> {
  name: string;
  title: string;
  /** For the model that decides whether to call it. */
  description: string;
  input: Input;
  /** @throws ToolRefusal with what the caller can do about it */
  run(asked: z.output<Input>, context: ToolContext): Promise<ToolAnswer>;
}

/** Nothing wrong with us: the caller has to ask differently. The message says how. */
export class ToolRefusal extends Error {
  override name = "ToolRefusal";
  /** A word for the audit. */
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Keeps what a tool's input says of `run`. */
export const defineTool = <Input extends z.ZodObject>(tool: Tool<Input>): Tool<Input> => tool;
