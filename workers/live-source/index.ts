import { WorkerEntrypoint } from "cloudflare:workers";
import selectFacts from "#sql/workers/live-source/facts.sql";
import { newId } from "../../shared/ids.ts";
import type { FactsPage } from "../../shared/live/facts.ts";
import { selectBody } from "../api/select.ts";

/** Vehicles a page holds: some 4 MB, an eighth of what a call between Workers may carry. */
const PAGE_VEHICLES = 5_000;

/**
 * What the live map asks of the database. An entrypoint of its own, so that the connection ends with the call:
 * the map itself lives for days and holds none.
 */
export class LiveSource extends WorkerEntrypoint<Env> {
  /**
   * A page of facts.
   * @param changedAfter Only vehicles that changed after this instant; null for all.
   * @param afterImei The `next` of the page before; empty for the first.
   * @throws ApiProblem `database_unavailable`
   */
  async read(changedAfter: string | null, afterImei: string): Promise<FactsPage> {
    const asker = { env: this.env, requestId: newId(), route: "live-source" };
    const body = await selectBody(asker, selectFacts, [changedAfter, afterImei, PAGE_VEHICLES]);
    return JSON.parse(body ?? "") as FactsPage;
  }
}
