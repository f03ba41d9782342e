import postgres from "postgres";

/** A step of a plan, as Postgres tells it. */
export interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Index Cond"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  Plans?: PlanNode[];
}

/** How a statement was carried out, with those inside the functions it calls. */
export interface Execution {
  ms: number;
  /** Rows read of tables with this name, or of their chunks. */
  rowsRead(table: string): number;
  /** Tables, or chunks, that were read from one end to the other, with how many rows that were. */
  scanned: Map<string, number>;
}

/** Carries a statement out and listens to what the server says of every plan. `url` is a superuser's. */
export async function execute(url: string, statement: string): Promise<Execution> {
  const plans: PlanNode[] = [];
  const sql = postgres(url, {
    max: 1,
    onnotice: ({ message }) => {
      const json = message?.slice(message.indexOf("plan:\n") + "plan:\n".length);
      if (json?.startsWith("{")) plans.push(JSON.parse(json).Plan);
    },
  });
  try {
    await sql.unsafe("load 'auto_explain'");
    await sql.unsafe(`
      set auto_explain.log_min_duration = 0; set auto_explain.log_analyze = on; set auto_explain.log_timing = off;
      set auto_explain.log_nested_statements = on; set auto_explain.log_format = json; set auto_explain.log_level = notice;
      set jit = off`);
    const startedAt = performance.now();
    await sql.unsafe(statement);
    const ms = performance.now() - startedAt;
    if (plans.length === 0) throw new Error("The server told no plan");
    const nodes = plans.flatMap(nodesOf);
    const rowsOf = (node: PlanNode) =>
      (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"];
    const scanned = new Map<string, number>();
    for (const node of nodes) {
      const table = node["Relation Name"];
      if (node["Node Type"] === "Seq Scan" && table !== undefined && node["Actual Loops"] > 0) {
        scanned.set(table, (scanned.get(table) ?? 0) + rowsOf(node));
      }
    }
    return {
      ms,
      rowsRead: (table) => readsOf(nodes, table).reduce((sum, node) => sum + rowsOf(node), 0),
      scanned,
    };
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** The steps that read a table, or a chunk of one. */
export const readsOf = (nodes: PlanNode[], table: string): PlanNode[] =>
  nodes.filter(
    (node) =>
      // Those of TimescaleDB's own hand on what steps below them read.
      node["Node Type"] !== "Custom Scan" &&
      (node["Relation Name"] === table || node["Relation Name"]?.startsWith("_hyper_")),
  );

/** A step with all that it is made of. */
export const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
