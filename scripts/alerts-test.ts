import * as z from "zod";
import { askApi } from "./api/ask.ts";
import { strangerAt } from "./api/complaint.ts";
import { API_HELP, apiOptions, openApi } from "./api/open.ts";
import { type Command, runFromTerminal } from "./command.ts";

const tested = z.object({
  targets: z.array(
    z.object({
      kind: z.string(),
      host: z.string(),
      audience: z.string().nullable(),
      waiting: z.number(),
      reason: z.string().nullable(),
    }),
  ),
  errorReport: z.enum(["sent", "failed", "off"]),
  errorReportReason: z.string().nullable(),
});

export const alertsTestCommand: Command<typeof apiOptions> = {
  help: `Sends one alert that says it is a test to every target, and one error report, from the Worker itself, and says what
became of them.

  npm run alerts:test -- --env production

${API_HELP}

Ends with 0 where every target took it and the report was sent; with 1 where one did not, or there is none.`,
  options: apiOptions,
  takes: (words) => words.length === 0,
  async run({ values, log, error, result }) {
    const api = await openApi(values, "npm run alerts:test");
    try {
      const told = await askApi(api, "/v1/alerts/test", tested, "POST");
      if (told === null) throw new Error(strangerAt(api.url, 404));
      for (const line of linesOf(told)) log(line);
      const { targets, errorReport } = told;
      const isWell =
        targets.length > 0 && targets.every(({ waiting }) => waiting === 0) && errorReport === "sent";
      result({ isWell, ...told });
      if (!isWell) error("Nobody may hear of what goes wrong: docs/alerts.md says how targets are set up.");
      return isWell ? 0 : 1;
    } finally {
      await api.close();
    }
  },
};

function linesOf({ targets, errorReport, errorReportReason }: z.output<typeof tested>): string[] {
  const lines = targets.map(({ kind, host, audience, waiting, reason }) => {
    const what = waiting === 0 ? "took it" : `did not take it: ${reason ?? "it is not its turn yet"}`;
    return `${kind} at ${host}${audience === null ? "" : ` (${audience})`} ${what}`;
  });
  const report = {
    sent: "the error report was sent",
    failed: `the error report failed: ${errorReportReason}`,
    off: "no error report: SENTRY_DSN is empty",
  }[errorReport];
  return [...(lines.length > 0 ? lines : ["there is no target: the secret ALERT_TARGETS is empty"]), report];
}

if (import.meta.main) await runFromTerminal(alertsTestCommand);
