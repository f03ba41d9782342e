import { durationWords } from "../../../shared/text.ts";
import { type judgeIngest, LATE_AFTER_PERIODS } from "../../api/ingest-health.ts";
import type { AlertRuleName, Finding } from "../rules.ts";

type JudgedJob = ReturnType<typeof judgeIngest>[number];

/** Codes of failed runs that are rules of their own: what they say needs somebody, however recent the last success. */
const RULES_OF_CODES: Record<string, AlertRuleName> = {
  credentials: "token_failing",
  token: "token_failing",
  unshared: "token_failing",
  unbalanced: "ledger_unbalanced",
  low_coverage: "coverage_low",
  underived: "recompute_behind",
};

/** What is wrong with jobs: their own rule where the failure says which, and else late ones. A run that failed once is tried again. */
export function judgedJobs(jobs: readonly JudgedJob[]): Finding[] {
  return jobs.flatMap(({ job, status, errorCode, lastSuccessAgeS, everyS }): Finding[] => {
    if (status === "ok") return [];
    const rule = status === "failing" && errorCode !== null ? RULES_OF_CODES[errorCode] : undefined;
    const since =
      lastSuccessAgeS === null
        ? "has never succeeded"
        : `last succeeded ${durationWords(lastSuccessAgeS)} ago`;
    const code = errorCode === null ? "" : ` (${errorCode})`;
    if (rule !== undefined) return [{ rule, subject: job, text: `${job} fails${code}, and ${since}` }];
    if (job === "canary") return [{ rule: "canary_silent", subject: "", text: `its job ${since}${code}` }];
    const isLate = lastSuccessAgeS === null || lastSuccessAgeS > LATE_AFTER_PERIODS * everyS;
    return isLate ? [{ rule: "ingest_late", subject: job, text: `${job} ${since}${code}` }] : [];
  });
}
