import { McpServer } from "@modelcontextprotocol/server";
import type { Caller } from "./call.ts";
import { type ServedTool, served } from "./served.ts";
import { explainTool } from "./tools/explain.ts";
import { tools } from "./tools/index.ts";
import { queryTool } from "./tools/query.ts";
import { sampleTool } from "./tools/sample-table.ts";

/** What a client's model is told before anything else. */
const INSTRUCTIONS = `Read-only SQL (PostgreSQL) over the data of a fleet of vehicles.

- Begin with the resource catalogue://index, or list_tables("reporting"): roll-ups by day and hour answer most questions; tracksolid.position_history is large, so always bound its imei and gps_time.
- What words mean (utilisation, idling, unknown, trip, ...) is in catalogue://terms; which accounts, cities and codes there are, in vocabulary://fleet.
- Days are days of the fleet's zone (tracksolid.fleet_zone()); instants are UTC. Units are at the end of column names: _s seconds, _km, _kmh, _l litres. Null is unknown, never zero: say so rather than counting it.
- Functions with as_of want an instant: now(), or one of the past.
- One statement a call. Answers are cut at max_rows and say so (truncated). as_of says when an answer was true; repeat its warning, if it has one, to whoever asked.`;

/** What every tool is: it reads, and of this database alone. */
const READS = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };

/** A server for one request of one analyst. */
export function serverFor(caller: Caller): McpServer {
  const server = new McpServer(
    { name: "tracksolid-edge", title: "Fleet data", version: caller.env.VERSION.tag || "dev" },
    { instructions: INSTRUCTIONS },
  );
  for (const tool of [queryTool, explainTool, sampleTool, ...tools.map(served)] as ServedTool[]) {
    const { name, title, description, input: inputSchema } = tool;
    server.registerTool(name, { title, description, inputSchema, annotations: READS }, async (asked) => {
      const answered = await tool.answer(caller, asked);
      return answered.ok
        ? { content: [{ type: "text", text: answered.body }] }
        : { content: [{ type: "text", text: answered.message }], isError: true };
    });
  }
  return server;
}
