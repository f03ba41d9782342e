import { DurableObject } from "cloudflare:workers";
import { type AlertTarget, alertConfig } from "../../shared/alert-config.ts";
import { reportFailure } from "../../shared/failure-reports.ts";
import { newId } from "../../shared/ids.ts";
import { log, messageOf } from "../../shared/log.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { composeBody, wantedBy } from "./compose.ts";
import { type Line, Outbox } from "./outbox.ts";
import { send } from "./send.ts";
import { type Evaluation, judge, type Standing } from "./standing.ts";

/** After a failure nobody sends to that target for so long; the last is for every further one. */
const PAUSES_MS = [5_000, 30_000, 2 * 60_000, 10 * 60_000, 30 * 60_000, 3_600_000];

/** An alert that stands. */
export interface StandingAlert {
  id: string;
  rule: string;
  subject: string;
  text: string;
  since: string;
}

/** A target, and what it is still to be told. Its URL is nobody's business. */
export interface TargetStatus {
  kind: AlertTarget["kind"];
  host: string;
  audience: AlertTarget["audience"];
  waiting: number;
  failures: number;
  reason: string | null;
}

/**
 * Where alerts are kept apart from what was told already. The job `alerts` says what it found; the desk tells each target
 * what is new of it, in order, until it is taken: a target that is away for a day is told then. Not in the
 * database, since that it is away is the first thing to tell.
 *
 * Storage: `standing` ({@link Standing}, a row each), `evaluatedMs`, and see {@link Outbox}.
 */
export class AlertDesk extends DurableObject<Env> {
  readonly #sql = this.ctx.storage.sql;
  readonly #outbox = new Outbox(this.#sql);
  #delivering: Promise<void> | undefined;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql.exec(
      "create table if not exists standing (rule text, subject text, alert text not null, primary key (rule, subject))",
    );
  }

  /** Takes what an evaluation found. One that is older than the last says nothing new. */
  async tell(evaluation: Evaluation): Promise<void> {
    const { kv } = this.ctx.storage;
    if (evaluation.atMs <= (kv.get<number>("evaluatedMs") ?? 0)) return;
    kv.put("evaluatedMs", evaluation.atMs);
    // Before the events: a target that is new is told what comes now.
    this.#outbox.lines(await this.#names());
    const { standing, events } = judge(this.#standing(), evaluation);
    this.#sql.exec("delete from standing");
    for (const one of standing) {
      this.#sql.exec("insert into standing values (?, ?, ?)", one.rule, one.subject, JSON.stringify(one));
    }
    for (const { kind, rule, subject, text } of events) {
      log("warn", "alert", { kind, rule, subject, text });
    }
    this.#outbox.add(events);
    await this.#arm();
  }

  /** Tells every target that this is a test, and waits for what becomes of it. */
  async test(): Promise<TargetStatus[]> {
    this.#outbox.lines(await this.#names());
    const atMs = nowMs();
    const event = { kind: "test", id: newId(), rule: "", subject: "", sinceMs: atMs, atMs } as const;
    this.#outbox.add([{ ...event, text: `asked for at ${toIso(atMs)}` }]);
    await this.#deliver();
    // Events that came while others were under way.
    await this.#deliver();
    await this.#arm();
    return this.#targets();
  }

  /** What stands, the oldest first, and who was told. @throws Misconfigured */
  async status(): Promise<{ evaluatedAt: string | null; alerts: StandingAlert[]; targets: TargetStatus[] }> {
    const evaluatedMs = this.ctx.storage.kv.get<number>("evaluatedMs");
    const alerts = this.#standing()
      .flatMap(({ id, rule, subject, text, sinceMs }) =>
        id === null ? [] : [{ id, rule, subject, text, since: toIso(sinceMs) }],
      )
      .sort((one, other) => one.since.localeCompare(other.since));
    return {
      evaluatedAt: evaluatedMs === undefined ? null : toIso(evaluatedMs),
      alerts,
      targets: await this.#targets(),
    };
  }

  async #targets(): Promise<TargetStatus[]> {
    return (await this.#linesOf()).map(({ target: { kind, url, audience }, line }) => ({
      ...{ kind, host: new URL(url).host, audience, failures: line.failures, reason: line.reason },
      waiting: this.#outbox.after(line.toldTo).length,
    }));
  }

  override async alarm(): Promise<void> {
    try {
      await this.#deliver();
    } catch (error) {
      // Thrown, it would be retried six times and then never run again.
      log("error", "alert_desk_failed", { error: messageOf(error) });
      reportFailure(this.env, { event: "alert_desk_failed", error, alike: [], tags: {} });
    }
    await this.#arm();
  }

  /** Single flight: while a target is awaited, others may ask. */
  #deliver(): Promise<void> {
    this.#delivering ??= this.#deliverAll().finally(() => {
      this.#delivering = undefined;
    });
    return this.#delivering;
  }

  async #deliverAll(): Promise<void> {
    const lines = await this.#linesOf();
    await Promise.all(lines.map(({ target, line }) => this.#deliverTo(target, line)));
    const lost = this.#outbox.forget(
      lines.map(({ line }) => line),
      nowMs(),
    );
    if (lost === 0) return;
    const error = new Error(`${lost} events were told nobody for days: no target takes them`);
    log("error", "alerts_given_up", { events: lost });
    reportFailure(this.env, { event: "alerts_given_up", error, alike: [], tags: {} });
  }

  async #deliverTo(target: AlertTarget, line: Line): Promise<void> {
    const { ENVIRONMENT: environment, RUNBOOK_URL: runbookUrl, ALERT_SECRET } = alertConfig(this.env);
    while (line.notBeforeMs <= nowMs()) {
      const events = this.#outbox.after(line.toldTo, line.sending?.upTo);
      const newest = events.at(-1)?.number;
      if (newest === undefined) {
        // What was under way has become too old.
        Object.assign(line, { sending: null, toldTo: line.sending?.upTo ?? line.toldTo });
        this.#outbox.put(line);
        return;
      }
      const wanted = wantedBy(
        target,
        events.map(({ event }) => event),
      );
      if (wanted.length > 0) {
        line.sending ??= { id: newId(), upTo: newest };
        this.#outbox.put(line);
        const body = composeBody(target.kind, wanted, { environment, runbookUrl });
        const sent = await send(target, line.sending.id, body, ALERT_SECRET);
        if (!sent.ok) {
          const pauseMs = PAUSES_MS[Math.min(line.failures, PAUSES_MS.length - 1)] ?? 0;
          line.notBeforeMs = nowMs() + Math.max(pauseMs, sent.retryAfterMs);
          line.failures += 1;
          line.reason = sent.reason;
          this.#outbox.put(line);
          log("warn", "alert_not_taken", { kind: target.kind, failures: line.failures, reason: sent.reason });
          return;
        }
      }
      Object.assign(line, { toldTo: newest, sending: null, failures: 0, reason: null });
      this.#outbox.put(line);
    }
  }

  /** Sets the alarm to the next try; nothing to tell, none. */
  async #arm(): Promise<void> {
    const dues = (await this.#linesOf())
      .filter(({ line }) => this.#outbox.after(line.toldTo).length > 0)
      .map(({ line }) => line.notBeforeMs);
    if (dues.length > 0) await this.ctx.storage.setAlarm(Math.max(Math.min(...dues), nowMs()));
  }

  async #linesOf(): Promise<{ target: AlertTarget; line: Line }[]> {
    const { ALERT_TARGETS } = alertConfig(this.env);
    const names = await this.#names();
    const lines = this.#outbox.lines(names);
    return ALERT_TARGETS.flatMap((target, at) => {
      const line = lines.find((one) => one.target === names[at]);
      return line === undefined ? [] : [{ target, line }];
    });
  }

  /** Of each target, without the URL, which may let whoever reads it write there. */
  #names(): Promise<string[]> {
    return Promise.all(alertConfig(this.env).ALERT_TARGETS.map(nameOf));
  }

  #standing(): Standing[] {
    return this.#sql
      .exec<{ alert: string }>("select alert from standing order by rule, subject")
      .toArray()
      .map(({ alert }) => JSON.parse(alert) as Standing);
  }
}

async function nameOf({ kind, url, audience }: AlertTarget): Promise<string> {
  const bytes = new TextEncoder().encode(`${audience} ${kind} ${url}`);
  return Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
}

/** The one desk of an environment. */
export function alertDesk(env: Env): DurableObjectStub<AlertDesk> {
  return env.ALERT_DESK.getByName("all");
}
