import type { BenchCluster } from "../cluster.ts";
import type { Line } from "../report.ts";
import { benchWorker, startWorkers } from "../workers.ts";
import { measureBeyond } from "./beyond.ts";
import { measureContest } from "./contest.ts";
import { fillFacts } from "./facts.ts";
import { measureMemory } from "./memory.ts";
import { QUESTIONS } from "./questions.ts";

/** Measures what is asked of the past: beside its own queries, for its memory, and beside the earlier system. */
export async function measureAnswers(
  cluster: BenchCluster,
  { only }: { only?: string | undefined },
): Promise<Line[]> {
  const database = await cluster.create("answers");
  const workers = await startWorkers(database.urls, [benchWorker]);
  try {
    await fillFacts(database.sql, workers);
  } finally {
    await workers.stop();
  }
  if (only !== undefined) {
    return measureContest(
      database,
      QUESTIONS.filter(({ what }) => what.includes(only)),
    );
  }
  return [
    ...(await measureBeyond(database)),
    ...(await measureMemory(database)),
    ...(await measureContest(database, QUESTIONS)),
  ];
}
