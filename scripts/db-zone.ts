import { databaseCommand, runFromTerminal } from "./command.ts";
import { changeZone, surveyZone } from "./database/zone.ts";

export const zoneCommand = databaseCommand({
  help: `Sets the time zone in which the fleet's days are counted, and has all roll-ups computed anew.

  npm run db:zone -- Africa/Nairobi            what it would do
  npm run db:zone -- Africa/Nairobi --apply

  --apply  do it; without, say what would be done

DATABASE_URL is a direct connection as tracksolid_owner. Until the job "derive" has caught up, days are missing from reports.
Days whose positions are no longer kept (RETAIN_POSITIONS_DAYS) stay as they were counted: where that was set lately, wait until
the job "housekeeping" has taken all older ones away, or days that are about to go are lost.`,
  options: { apply: { type: "boolean", default: false } },
  takes: (words) => words.length === 1,
  async run({ sql, words: [zone = ""], values, log, result }) {
    const before = await surveyZone(sql, zone);
    const { days, staysBefore, staying } = before;
    const told = { zone, before: before.zone, days, staysBefore, staying, applied: false };
    if (before.zone === zone) {
      log(`Days are counted in ${zone} already.`);
      result({ ...told, days: 0, staying: 0 });
      return 0;
    }
    if (values.apply) {
      const marked = await changeZone(sql, zone);
      result({ ...told, days: marked, applied: true });
      log(
        `Days are counted in ${zone}, no longer in ${before.zone}: ${marked} days of vehicles are to be computed.`,
      );
    } else {
      result(told);
      log(
        `Days would be counted in ${zone} instead of ${before.zone}; ${before.days} days of vehicles would be computed anew. Add --apply to do it.`,
      );
    }
    if (before.staying > 0) {
      const words = values.apply ? "stay" : "would stay";
      log(
        `${before.staying} days of vehicles before ${before.staysBefore} ${words} as they were counted: their positions are no longer kept.`,
      );
    }
    return 0;
  },
});

if (import.meta.main) await runFromTerminal(zoneCommand);
