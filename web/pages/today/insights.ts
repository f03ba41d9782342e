// The insights of a day, page by page, and what the day rests on.

import { useEffect, useState } from "preact/hooks";
import { type Answer, useAnswer } from "../../shell/answer.ts";
import { type Answers, ask } from "../../shell/api.ts";
import type { Severity } from "./view.ts";

export type Daily = Answers["DailyInsights"];
export type Insight = Daily["insights"][number];

/** A page; thousands come where a whole fleet falls silent, and nobody reads them all. */
const PER_PAGE = 100;
const EVERY_MS = 5 * 60_000;

export function useDaily(day: string, severity: Severity | null): Answer<Daily> & { loadMore: () => void } {
  const key = `insights ${day} ${severity ?? ""}`;
  const [wanted, setWanted] = useState({ key, pages: 1 });
  const pages = wanted.key === key ? wanted.pages : 1;
  const answer = useAnswer(
    key,
    async (signal) => {
      const query = { day, limit: PER_PAGE, ...(severity && { severity }) };
      let all = await ask("DailyInsights", "/v1/insights/daily", query, { signal });
      for (let page = 1; page < pages && all.next !== null; page += 1) {
        const more = await ask(
          "DailyInsights",
          "/v1/insights/daily",
          { ...query, after: all.next },
          { signal },
        );
        all = {
          ...more,
          insights: [...all.insights, ...more.insights],
          explained: [...all.explained, ...more.explained],
        };
      }
      return all;
    },
    { everyMs: EVERY_MS },
  );
  // Asked anew with more pages; what is shown stays.
  useEffect(() => {
    if (pages > 1) answer.reload();
  }, [pages]);
  return { ...answer, loadMore: () => setWanted({ key, pages: pages + 1 }) };
}

/** How much of the fleet is known of a day. */
export const useKnown = (day: string): Answer<Answers["FleetSummary"]> =>
  useAnswer(
    `known ${day}`,
    (signal) => ask("FleetSummary", "/v1/analytics/fleet-summary", { from: day, to: day }, { signal }),
    { everyMs: EVERY_MS },
  );

/** What people said of insights up to a day. */
export const useQuality = (day: string): Answer<Answers["InsightEvaluation"]> =>
  useAnswer(`quality ${day}`, (signal) =>
    ask("InsightEvaluation", "/v1/insights/evaluate", { to: day }, { signal }),
  );
