import { API_HELP, type Api, apiOptions, openApi } from "./api/open.ts";
import { askDetails, askLists, type Detail } from "./audit-drivers/ask.ts";
import { compare } from "./audit-drivers/compare.ts";
import type { Audit } from "./audit-drivers/finding.ts";
import { syncDevices } from "./audit-drivers/sync.ts";
import { tell } from "./audit-drivers/told.ts";
import { type Command, runFromTerminal } from "./command.ts";
import type { Progress } from "./progress.ts";

/** The job ends after a quarter of an hour at most; what it brought is written within seconds, unless the queue stands. */
const PATIENCE_MS = 20 * 60_000;

const options = {
  ...apiOptions,
  quick: { type: "boolean", default: false },
  apply: { type: "boolean", default: false },
} as const;

/** The command, which waits so long for the job. */
export const auditDriversOf = ({ patienceMs = PATIENCE_MS } = {}): Command<typeof options> => ({
  help: `Compares what Tracksolid says of the fleet with what the database has: devices, drivers, phones, plates, SIM cards.

  npm run audit-drivers -- --env production
  npm run audit-drivers -- --env production --apply

${API_HELP}
  --quick                    only what the lists of the accounts tell, which leave out drivers and some plates
  --apply                    have the job devices run now, which brings what is missing, and audit again; without, change nothing

The Worker asks, with its own token and at its own pace: two devices a second at most, beside the polls. A difference that
--apply cannot set right is corrected in Tracksolid Pro, or here: npm run db:fleet -- set IMEI own_plate=… own_driver_name=…
Where the company names a plate or a driver itself, the vendor may say something else: that is remarked, and no difference.
What the vendor no longer tells stays, and is remarked.

Ends with 0 where nothing differs, with 1 where something does or nobody answers.`,
  options,
  takes: (words) => words.length === 0,
  async run({ values, log, error, table, progress, result }) {
    const api = await openApi(values, "npm run audit-drivers");
    try {
      const details = new Map<string, Detail>();
      let audit = await auditNow(api, values.quick ? null : details, progress);
      const before = toBring(audit);
      if (values.apply && before.length > 0) {
        log(`${before.length} differences to bring: the job devices runs.`);
        const failure = await syncDevices(api, patienceMs);
        if (failure !== null) error(`The job devices failed: ${failure}`);
        for (const { imeis } of before) for (const imei of imeis) details.delete(imei);
        audit = await auditNow(api, values.quick ? null : details, progress);
        log(`${before.length - toBring(audit).length} were brought.`);
      }
      tell(audit, values.apply, { log, table });
      result({ ...audit, applied: values.apply && before.length > 0 });
      return audit.faults.length === 0 ? 0 : 1;
    } finally {
      await api.close();
    }
  },
});

/** @param details What is known in full, to which is added what is not; null where lists will do */
async function auditNow(api: Api, details: Map<string, Detail> | null, progress: Progress): Promise<Audit> {
  const lists = await askLists(api);
  if (details === null) return compare(lists, new Map());
  const unknown = lists.devices.filter(({ imei, listed }) => listed.length > 0 && !details.has(imei));
  const bar = progress("devices asked for in full", unknown.length);
  try {
    const asked = await askDetails(
      api,
      unknown.map(({ imei }) => imei),
      bar,
    );
    for (const [imei, detail] of asked) details.set(imei, detail);
  } finally {
    bar[Symbol.dispose]();
  }
  return compare(lists, details);
}

const toBring = ({ faults }: Audit) => faults.filter(({ remedy }) => remedy === "sync");

export const auditDriversCommand = auditDriversOf();

if (import.meta.main) await runFromTerminal(auditDriversCommand);
