import type postgres from "postgres";
import type * as z from "zod";
import { type Call, type Caller, carryOut, type Worked } from "./call.ts";
import type { Tool } from "./tool.ts";
import { extended, type Freshness } from "./wall/transaction.ts";

/** JSON text, or for the caller why there is none. */
export type Answered = { ok: true; body: string } | { ok: false; message: string };

/** A tool as clients see it. */
export interface ServedTool<Input extends z.ZodObject = z.ZodObject> {
  name: string;
  title: string;
  /** For the model that decides whether to call it. */
  description: string;
  input: Input;
  answer(caller: Caller, asked: z.output<Input>): Promise<Answered>;
}

/** Keeps what a tool's input says of `answer`. */
export const serveTool = <Input extends z.ZodObject>(tool: ServedTool<Input>): ServedTool<Input> => tool;

/** Does the work of a call, and writes what came of it down as JSON text. */
export async function answerCall<Result extends Worked>(
  caller: Caller,
  call: Call,
  work: (tx: postgres.TransactionSql) => Promise<Result>,
  write: (result: Result) => string,
): Promise<Answered> {
  const outcome = await carryOut(caller, call, work);
  if (!outcome.ok) return outcome;
  const { result, ...fresh } = outcome.answer;
  return { ok: true, body: withFreshness(write(result), fresh) };
}

/** A tool that asks with statements of ours. */
export const served = (tool: Tool): ServedTool => ({
  name: tool.name,
  title: tool.title,
  description: tool.description,
  input: tool.input,
  answer: (caller, asked) =>
    answerCall(
      caller,
      { tool: tool.name, statement: null, arguments: asked },
      async (tx) => {
        const answer = await tool.run(asked, readingAs(caller, tx));
        return { ...answer, bytes: Buffer.byteLength(answer.body) };
      },
      ({ body }) => body,
    ),
});

/** What a tool or a resource reads with. */
export const readingAs = ({ analyst }: Caller, tx: postgres.TransactionSql) => ({
  analyst,
  read: <Row extends object>(statement: string, parameters: (string | number | null)[] = []) =>
    extended<Row>(
      tx,
      statement,
      parameters.map((one) => (one === null ? null : String(one))),
    ),
});

/** A JSON object with when it was true, and a warning where something is late. */
const withFreshness = (object: string, { as_of, warning }: Freshness): string =>
  `${object.slice(0, -1)},${JSON.stringify({ as_of, ...(warning && { warning }) }).slice(1)}`;
