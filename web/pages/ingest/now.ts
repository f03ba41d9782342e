import { type Answer, useAnswer } from "../../shell/answer.ts";
import { type Answers, ask } from "../../shell/api.ts";
import { may, session } from "../../shell/session.ts";

/** How often what is shown is asked for again while the page is seen. */
export const EVERY_MS = 15_000;
/** What takes the server longer: the books, lists of R2. */
export const SLOWLY_MS = 60_000;

/** What is asked for whatever part is shown: the verdict hangs on it. */
export interface Now {
  alerts: Answer<Answers["Alerts"]>;
  jobs: Answer<Answers["Jobs"]>;
  metrics: Answer<Answers["Metrics"]>;
  slo: Answer<Answers["ServiceLevel"]>;
  parked: Answer<Answers["KeptObjects"]>;
  dead: Answer<Answers["KeptObjects"]>;
  /** Whether the caller may see more than the canary; null until that is known. */
  isAdmin: boolean | null;
}

/** So many objects tell that there are many. */
const KEPT_LOOKED_AT = 200;

export function useNow(): Now {
  const isAdmin = session.value === null ? null : may("admin");
  const key = (name: string) => (isAdmin ? `ingest ${name}` : null);
  const often = { everyMs: EVERY_MS };
  const slowly = { everyMs: SLOWLY_MS };
  return {
    isAdmin,
    alerts: useAnswer(key("alerts"), (signal) => ask("Alerts", "/v1/alerts", {}, { signal }), often),
    jobs: useAnswer(key("jobs"), (signal) => ask("Jobs", "/v1/jobs", {}, { signal }), often),
    metrics: useAnswer(key("metrics"), (signal) => ask("Metrics", "/v1/metrics", {}, { signal }), often),
    slo: useAnswer("ingest slo", (signal) => ask("ServiceLevel", "/v1/slo", {}, { signal }), often),
    parked: useAnswer(
      key("parked"),
      (signal) => ask("KeptObjects", "/v1/parked", { limit: KEPT_LOOKED_AT }, { signal }),
      slowly,
    ),
    dead: useAnswer(
      key("dead"),
      (signal) => ask("KeptObjects", "/v1/dead-letters", { limit: KEPT_LOOKED_AT }, { signal }),
      slowly,
    ),
  };
}

/** Asks all of it again. */
export function lookAgain({ isAdmin, ...answers }: Now): void {
  for (const { reload } of Object.values(answers)) reload();
}

/** Up to when what the verdict says is true: the oldest of its answers; null before the first. */
export function knownAtMs({ alerts, jobs, metrics, slo, isAdmin }: Now): number | null {
  const all = isAdmin ? [alerts, jobs, metrics, slo] : [slo];
  const known = all.flatMap(({ loadedAtMs }) => (loadedAtMs === null ? [] : [loadedAtMs]));
  return known.length === 0 ? null : Math.min(...known);
}

type Metrics = Answers["Metrics"] | null;

/** Figures of a name, each with its labels. */
export const samplesOf = (metrics: Metrics, name: string) =>
  metrics?.metrics.find((metric) => metric.name === name)?.samples ?? [];

/** The figure of a name; the sum where there are several; null where nobody could be asked. */
export function figureOf(metrics: Metrics, name: string): number | null {
  const samples = samplesOf(metrics, name);
  return samples.length === 0 ? null : samples.reduce((sum, { value }) => sum + value, 0);
}

/** Whether a part could be asked; null where it is not known. */
export function isUp(metrics: Metrics, part: string): boolean | null {
  const found = samplesOf(metrics, "up").find(({ labels }) => labels.part === part);
  return found === undefined ? null : found.value === 1;
}
