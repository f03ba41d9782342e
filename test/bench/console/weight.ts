import type { Browser } from "playwright-core";
import { median } from "../measure.ts";
import type { Line } from "../report.ts";
import { type Sent, startEdge } from "./edge.ts";
import type { LineSpeed } from "./pace.ts";
import { type Milestone, visit } from "./visit.ts";

const SECTION = "The console's live page on a phone's line, first visit, 150 vehicles (HTTP/2)";
const ROUNDS = 3;

/** What the page has to be on which line. */
interface Case {
  what: string;
  line: LineSpeed;
  milestone: Milestone;
  mostKb: number;
  mostS: number;
}

const CASES: Case[] = [
  {
    what: "list and positions, 400 kbit/s and 2 s",
    line: { kbitPerS: 400, roundTripMs: 2000 },
    milestone: "drawn",
    mostKb: 60,
    mostS: 5,
  },
  {
    what: "the map too, 1.6 Mbit/s and 150 ms",
    line: { kbitPerS: 1600, roundTripMs: 150 },
    milestone: "full",
    mostKb: 450,
    mostS: 6,
  },
];

/** Weighs and times the first visit. */
export async function measureWeight(browser: Browser, product: URL): Promise<Line[]> {
  const lines: Line[] = [];
  for (const one of CASES) lines.push(...(await measure(browser, product, one)));
  return lines;
}

async function measure(browser: Browser, product: URL, one: Case): Promise<Line[]> {
  const { what, line, milestone, mostKb, mostS } = one;
  const times: number[] = [];
  const loads: Sent[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const edge = await startEdge(product, line);
    const visited = await visit(browser, edge.url);
    const { ms, atMs } = await visited.when(milestone);
    times.push(ms / 1000);
    loads.push(edge.sentBy(atMs));
    await visited.close();
    await edge.close();
  }
  const s = median(times);
  const kb = median(loads.map(({ bytes }) => bytes)) / 1000;
  const largest = (loads[0]?.files ?? [])
    .slice(0, 6)
    .map(([name, size]) => `${name.slice(name.lastIndexOf("/") + 1) || "/"} ${(size / 1000).toFixed(1)}`);
  return [
    {
      section: SECTION,
      what: `${what}: seconds`,
      value: s,
      measured: `${s.toFixed(2)} s`,
      bound: `≤ ${mostS} s`,
      holds: s <= mostS,
      figures: `rounds ${times.map((time) => time.toFixed(2)).join(" ")}`,
    },
    {
      section: SECTION,
      what: `${what}: bytes until then, heads too`,
      value: kb,
      measured: `${kb.toFixed(1)} KB`,
      bound: `≤ ${mostKb} KB`,
      holds: kb <= mostKb,
      figures: `${largest.join(", ")} …`,
    },
  ];
}
