import type postgres from "postgres";
import { analystGate } from "../../durable-objects/analyst-gate/index.ts";
import { type AnalystRecord, roleOf } from "../../shared/analysts.ts";
import { analystConfig } from "../../shared/config.ts";
import { heard, sqlState } from "../../shared/database.ts";
import { newId } from "../../shared/ids.ts";
import { log, messageOf } from "../../shared/log.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { sendAudit } from "./audit.ts";
import { type Failure, failureOf } from "./failures.ts";
import type { HeldRows } from "./held-rows.ts";
import { ToolRefusal } from "./tool.ts";
import { asAnalyst, type Freshness } from "./wall/transaction.ts";

/** Whose call it is. */
export interface Caller {
  env: Env;
  analyst: AnalystRecord;
  requestId: string;
  /** Where rows wait until the answer is on its way. */
  held: HeldRows;
}

/** What is asked. */
export interface Call {
  tool: string;
  /** SQL that the analyst wrote, if any. */
  statement: string | null;
  /** Everything else. */
  arguments: object;
}

/** What came of the work, and how much of it. */
export interface Worked {
  rowCount: number | null;
  bytes: number;
}

/** An answer, or why there is none. */
export type Outcome<Result> =
  | { ok: true; answer: Freshness & { result: Result } }
  | { ok: false; message: string };

/**
 * Does the work of a call when it is its turn, and sends its record before anybody sees what came of it.
 * Never throws for what a caller may meet.
 */
export async function carryOut<Result extends Worked>(
  { env, analyst, requestId }: Caller,
  call: Call,
  work: (tx: postgres.TransactionSql) => Promise<Result>,
): Promise<Outcome<Result>> {
  const askedMs = nowMs();
  const config = analystConfig(env);
  const gate = analystGate(env);
  let outcome: Outcome<Result>;
  let failure: Failure | null = null;
  let worked: Worked = { rowCount: null, bytes: 0 };
  let startedMs = askedMs;
  using admission = await gate.enter(analyst.id);
  try {
    if (!admission.admitted) throw refusal(admission.reason, admission.retryAfterS);
    startedMs = nowMs();
    const session = { env, config, role: roleOf(analyst.schemas) };
    const answer = await heard(asAnalyst(session, work), silentAfterMs(config.ANALYST_STATEMENT_S));
    worked = answer.result;
    outcome = { ok: true, answer };
  } catch (error) {
    failure = failureOf(error, analyst.schemas, config.ANALYST_STATEMENT_S);
    if (failure.isOurs) {
      // The server's words may quote the statement.
      const words = sqlState(error) === null ? messageOf(error) : null;
      log("error", "analyst_call_failed", { requestId, reason: failure.reason, error: words });
    }
    outcome = { ok: false, message: failure.message };
  }
  const durationMs = nowMs() - askedMs;
  const taken = { ms: nowMs() - startedMs, bytes: worked.bytes };
  const [sent] = await Promise.all([
    sendAudit(env, {
      id: newId(),
      askedAt: toIso(askedMs),
      analystId: analyst.id,
      analyst: analyst.name,
      tool: call.tool,
      statement: call.statement,
      arguments: JSON.stringify(call.arguments),
      outcome: failure?.outcome ?? "answered",
      reason: failure?.reason ?? null,
      rowCount: worked.rowCount,
      bytes: failure ? null : worked.bytes,
      durationMs: Math.round(durationMs),
      requestId,
    }),
    admission.admitted ? admission.turn.leave(taken) : null,
  ]);
  return sent ? outcome : { ok: false, message: UNRECORDED };
}

/** A statement is planned and then run, each as long as it may; and what a connection that is opened twice takes. */
const silentAfterMs = (statementS: number) => (2 * statementS + 25) * 1_000;

const UNRECORDED =
  "The question could not be recorded, and what is not recorded is not answered. Ask again in a few seconds.";

const refusal = (reason: "busy" | "budget_spent", retryAfterS: number): ToolRefusal =>
  reason === "busy"
    ? new ToolRefusal(
        reason,
        `Others are asking, and no turn came up in time. Nothing is wrong with the question: ask again in ${retryAfterS} s.`,
      )
    : new ToolRefusal(
        reason,
        `Your budget of the day is spent. The next one begins in ${Math.ceil(retryAfterS / 60)} minutes, at midnight UTC.`,
      );
