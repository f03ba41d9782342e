import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Files of half a minute and more, most of which they wait. What begins last is what everybody waits for in the end, and by their
 * size, which is all that a fresh clone knows of them, some of these would.
 */
const LONG = [
  ...["durable-objects/jimi-session/shared-token", "workers/polls/run-lines", "workers/api/refresh"],
  ...["durable-objects/geocoder/geocoder", "workers/api/vendor-devices"],
  ...["e2e/past-bad-days", "e2e/past-outages", "e2e/push-bad-days", "e2e/live-bad-days"],
  ...["scripts/start", "scripts/deploy", "scripts/provision", "scripts/analysts"],
  ...[
    "e2e/roll-ups",
    "web/client-follow",
    "e2e/live-stream",
    "web/live-line",
    "web/live",
    "web/history",
    "e2e/contract/fuzz",
    "scripts/keys",
  ],
  ...[
    "e2e/analyst/limits",
    "e2e/vendor-faults",
    "e2e/alerts",
    "e2e/broken-downloads",
    "e2e/canary",
    "e2e/accounts",
  ],
  ...[
    "e2e/adoption",
    "e2e/database-down",
    "e2e/account-tree",
    "e2e/obd",
    "scripts/status",
    "scripts/push-check",
  ],
  ...[
    "e2e/contract/examples",
    "e2e/past-odd-nodes",
    "e2e/past",
    "e2e/addresses",
    "e2e/main-job",
    "scripts/audit-drivers",
    "scripts/openapi",
    "scripts/style",
    "scripts/adopt/bad-days",
    "scripts/adopt/variants",
    "scripts/db-roles-opened",
    "scripts/backup/goes-on",
    "scripts/restore/archive",
    "scripts/restore/adopted",
    "simulator/push/facts",
    ...["web/fleet", "web/ingest", "web/coverage", "web/tickets", "web/today", "web/shell"],
  ],
].map((name) => `/test/${name}.test.ts`);

const placeOf = ({ moduleId }: TestSpecification): number => {
  const place = LONG.findIndex((file) => moduleId.endsWith(file));
  return place === -1 ? LONG.length : place;
};

/** Runs the long files of a project first, the others as usual. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const projects = Map.groupBy(sorted, ({ project }) => project);
    return [...projects.values()].flatMap((own) => own.sort((one, other) => placeOf(one) - placeOf(other)));
  }
}
