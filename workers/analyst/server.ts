import { McpServer, ResourceTemplate } from "@modelcontextprotocol/server";
import * as z from "zod";
import { type Caller, carryOut } from "./call.ts";
import { prompts } from "./catalogue/prompts.ts";
import { objectTemplate, resources } from "./catalogue/resources.ts";
import { readingAs, type ServedTool, served } from "./served.ts";
import type { ToolContext } from "./tool.ts";
import { explainTool } from "./tools/explain.ts";
import { tools } from "./tools/fixed.ts";
import { queryTool } from "./tools/query.ts";
import { sampleTool } from "./tools/sample-table.ts";

/** What a client's model is told before anything else. */
const INSTRUCTIONS = `Read-only SQL (PostgreSQL) over the data of a fleet of vehicles.

- Begin with the resource catalogue://index, or list_tables("reporting"): roll-ups by day and hour answer most questions; tracksolid.position_history is large, so always bound its imei and gps_time.
- What words mean (utilisation, idling, unknown, trip, ...) is in catalogue://terms; which accounts, cities and codes there are, in vocabulary://fleet.
- Days are days of the fleet's zone; instants are UTC. Units are at the end of column names: _s seconds, _km, _kmh, _l litres. Null is unknown, never zero: say so rather than counting it.
- Functions with as_of want an instant: now(), or one of the past.
- One statement a call. Answers are cut at max_rows and say so (truncated). as_of says when an answer was true; repeat its warning, if it has one, to whoever asked.`;

/** What every tool is: it reads, and of this database alone. */
const READS = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };

const SERVED = [queryTool, explainTool, sampleTool, ...tools.map(served)] as ServedTool[];

/** A server for one request of one analyst. */
export function serverFor(caller: Caller): McpServer {
  const server = new McpServer(
    { name: "tracksolid-edge", title: "Fleet data", version: caller.env.VERSION.tag || "dev" },
    { instructions: INSTRUCTIONS },
  );
  for (const tool of SERVED) addTool(server, caller, tool);
  addResources(server, caller);
  addPrompts(server);
  return server;
}

function addTool(server: McpServer, caller: Caller, tool: ServedTool): void {
  const { name, title, description, input: inputSchema } = tool;
  server.registerTool(name, { title, description, inputSchema, annotations: READS }, async (asked) => {
    const answered = await tool.answer(caller, asked);
    return answered.ok
      ? { content: [{ type: "text", text: answered.body }] }
      : { content: [{ type: "text", text: answered.message }], isError: true };
  });
}

function addResources(server: McpServer, caller: Caller): void {
  for (const { uri, name, title, description, mimeType, read } of resources) {
    server.registerResource(name, uri, { title, description, mimeType }, async () => ({
      contents: [{ uri, mimeType, text: await reading(caller, "read_resource", { uri }, read) }],
    }));
  }
  const { uriTemplate, name, title, description, mimeType, list, read } = objectTemplate;
  const template = new ResourceTemplate(uriTemplate, {
    list: async () => ({
      resources: JSON.parse(
        await reading(caller, "list_resources", {}, async (context) => JSON.stringify(await list(context))),
      ),
    }),
  });
  server.registerResource(name, template, { title, description, mimeType }, async ({ href: uri }, asked) => {
    const named = { schema: String(asked.schema), name: String(asked.name) };
    const text = await reading(caller, "read_resource", { uri }, (context) => read(named, context));
    return { contents: [{ uri, mimeType, text }] };
  });
}

/** A text that is read as a tool would. @throws Error with what whoever asked can do */
async function reading(
  caller: Caller,
  tool: string,
  asked: object,
  read: (context: ToolContext) => Promise<string>,
): Promise<string> {
  const outcome = await carryOut(caller, { tool, statement: null, arguments: asked }, async (tx) => {
    const text = await read(readingAs(caller, tx));
    return { text, rowCount: null, bytes: Buffer.byteLength(text) };
  });
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.answer.result.text;
}

function addPrompts(server: McpServer): void {
  for (const { name, title, description, arguments: named, messages } of prompts) {
    const argsSchema = z.object(
      Object.fromEntries(
        named.map((one) => {
          const text = z.string().max(200).describe(one.description);
          return [one.name, one.required ? text : text.optional()];
        }),
      ),
    );
    server.registerPrompt(name, { title, description, argsSchema }, (asked) => ({
      messages: messages(asked as Record<string, string | undefined>).map(({ role, text }) => ({
        role,
        content: { type: "text" as const, text },
      })),
    }));
  }
}
