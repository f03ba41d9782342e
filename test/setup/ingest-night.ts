import { newId } from "../../shared/ids.ts";
import type { Finding } from "../../workers/alerts/rules.ts";
import { type AlertReceiver, startAlertReceiver } from "./alert-receiver.ts";
import { PUSH_TOKEN, type Stack, startStack } from "./harness.ts";

/** Whatever a device sends is text. */
export const HOSTILE = "<img src=x onerror=alert(1)>\u202egnp.evil";

/** A Worker on a night on which something of everything went wrong. */
export interface Night extends AsyncDisposable {
  stack: Stack;
  receiver: AlertReceiver;
  /** Of a push with a good and two broken items. */
  receipt: string;
}

/** Starts it: runs, calls and the canary of a day put into the log, the rest through the Worker's own doors. */
export async function startNight(): Promise<Night> {
  const receiver = await startAlertReceiver();
  const stack = await startStack({
    world: { vehicles: 5, seed: 33 },
    vars: { OPEN_READS: "", ALERT_BACKUPS: "off" },
    secrets: {
      ALERT_SECRET: `whsec_${Buffer.from("a secret of thirty-two bytes, 32").toString("base64")}`,
      ALERT_TARGETS: `webhook+${receiver.url}/hook\nfleet=slack+${receiver.url}/slack`,
    },
  });
  await logDay(stack);
  await stack.tick("* * * * *");
  await stack.lastRun("live");
  const receipt = await pushBroken(stack);
  const { WRITES, ALERT_DESK } = await stack.bindings();
  await WRITES.send({ v: 1, kind: "weather", items: [{ rain: 3 }] });
  await ALERT_DESK.getByName("all").tell({
    atMs: Date.now() - 120_000,
    unknown: [],
    findings: [
      { rule: "dead_letters", subject: "", text: `1 under dead/ ${HOSTILE}` },
      ...Array.from(
        { length: 30 },
        (_, at): Finding => ({
          rule: "outside_city",
          subject: `vehicle ${at}`,
          text: `KDA ${at} is far away`,
        }),
      ),
    ],
  });
  await untilDelivered(stack, receipt);
  return {
    stack,
    receiver,
    receipt,
    async [Symbol.asyncDispose]() {
      await stack[Symbol.asyncDispose]();
      await receiver[Symbol.asyncDispose]();
    },
  };
}

/** A day of runs, one in ten refused by the vendor; a job that fails; a canary that arrives; what analysts asked. */
async function logDay({ sql }: Stack): Promise<void> {
  await sql`
    insert into tracksolid.ingestion_log
      (run_id, endpoint, run_at, duration_ms, success, api_calls, rows_received, rows_inserted, rows_updated, rows_duplicate,
        rows_rejected, error_code, error)
    select gen_random_uuid()::text, job, now() - n * interval '10 minutes' - interval '5 minutes', 800 + n, ok,
      case job when 'writer' then 0 else 3 end, 50, case job when 'writer' then 40 else 0 end,
      case job when 'writer' then 5 else 0 end, case job when 'writer' then 4 else 0 end, case job when 'writer' then 1 else 0 end,
      case when ok then null else 'too_frequent' end, case when ok then null else 'Too many requests' end
    from generate_series(0, 143) n
    cross join (values ('live'), ('trips'), ('writer'), ('tracks')) job (job)
    cross join lateral (select job = 'writer' or n % 10 <> 3 as ok) result`;
  await sql`
    insert into tracksolid.ingestion_log (run_id, endpoint, run_at, duration_ms, success, api_calls, error_code, error)
    values (${newId()}, 'trips', now(), 400, false, 1, 'quota', ${`The quota is used up ${HOSTILE}`})`;
  await sql`
    insert into reporting.canary_runs (minute, taken_ms, mapped_ms, version)
    select date_trunc('minute', now()) - n * interval '1 minute', 20, 1200 + n % 7 * 40, 'test' from generate_series(0, 59) n`;
  await sql`
    insert into private.audit (id, asked_at, analyst_id, analyst, tool, statement, arguments, outcome, row_count, bytes, duration_ms, request_id)
    select gen_random_uuid(), now() - n * interval '1 minute', 'a', 'Jane', 'query',
      ${`select 1 -- ${HOSTILE} `} || repeat('x', 900), '{}', case n when 2 then 'refused' else 'answered' end, 1, 10, 40 + n, 'r'
    from generate_series(1, 30) n`;
}

/** Pushes an item that is good, one of 2019, and one that is long and hostile. */
async function pushBroken(stack: Stack): Promise<string> {
  const at = new Date(Date.now() - 30_000).toISOString().slice(0, 19).replace("T", " ");
  const item = { deviceImei: "862000000000097", gpsTime: at, lat: -1.28, lng: 36.81 };
  const response = await stack.fetch("/pushgps", {
    method: "POST",
    body: JSON.stringify({
      token: PUSH_TOKEN,
      data_list: [
        item,
        { ...item, gpsTime: "2019-01-06 00:00:00" },
        { ...item, gpsTime: HOSTILE, note: `${HOSTILE}${"z".repeat(2_000)}` },
      ],
    }),
  });
  const receipt = response.headers.get("x-receipt");
  if (receipt === null) throw new Error(`The push was answered with ${response.status} and no receipt`);
  return receipt;
}

async function untilDelivered({ sql }: Stack, receipt: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const [row] = await sql`select from private.receipts where receipt = ${receipt}`;
    if (row) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The push ${receipt} was not written`);
}
