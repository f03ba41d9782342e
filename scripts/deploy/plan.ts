import { noRollback } from "./objects.ts";
import type { Situation } from "./situation.ts";

/** How much of the traffic a new version gets until it was tried. */
export const FIRST_PERCENTAGE = 10;

/** What a deploy is going to do, a line for each step. */
export function planLines({ environment, commit, url, schema, way }: Situation): string[] {
  const { environment: name, isReader } = environment;
  const files = schema.missing.map(({ file }) => file);
  const migrations = isReader
    ? `migrate nothing: it only reads${schema.ahead.length > 0 ? `, and the schema is newer (${schema.ahead.join(", ")})` : ""}`
    : files.length === 0
      ? "migrate nothing: the schema is up to date"
      : `migrate: ${files.join(", ")}`;
  return [
    `${name}, commit ${commit}:`,
    "- check types, and build every environment",
    `- ${migrations}`,
    ...trafficLines(way),
    `- try ${url}/health and /health/ready: is it this version, and does its database answer?`,
  ];
}

function trafficLines(way: Situation["way"]): string[] {
  switch (way) {
    case "first":
      return ["- wrangler deploy: it is the first, so it gets all the traffic at once"];
    case "objects":
      return [
        "- wrangler deploy: Durable Object classes change, and such versions cannot share the traffic, so it gets all of it at once; there is no rollback across it",
      ];
    case "gradual":
      return [
        `- upload, and give it ${FIRST_PERCENTAGE} % of the traffic; try it; then all of it, with crons, routes and consumers`,
      ];
  }
}

/** The way back from a version that has traffic. */
export function wayBack({ environment, way, active }: Situation): string {
  const { environment: name } = environment;
  switch (way) {
    case "first":
      return "There is no version before it to go back to: mend it, and deploy again.";
    case "objects":
      return noRollback(name);
    case "gradual": {
      const old = active?.versions[0]?.version_id;
      return `The way back: npm run rollback -- --env ${name} --to ${old}`;
    }
  }
}
