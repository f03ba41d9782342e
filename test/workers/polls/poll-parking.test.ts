import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { JimiClient } from "../../../shared/jimi/client.ts";
import { vendorTime } from "../../../shared/jimi/request.ts";
import { pollParking } from "../../../workers/polls/poll-parking.ts";
import type { Window, WindowOutcome } from "../../../workers/polls/windows/window.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const IMEIS = ["860000000000001", "860000000000002"];

interface Row {
  imei?: string;
  startTime: string;
  endTime: string | null;
}

/** What the vendor is asked of a page, and what it answers. */
type Vendor = (asked: {
  imeis: string[];
  fromMs: number;
  startRow: number;
  pageSize: number;
}) => object | null;

let vendor: Vendor;
let asked: { imeis: string; fromMs: number }[];
let sent: unknown[];
let outcome: WindowOutcome;

beforeEach(() => {
  asked = [];
  sent = [];
  outcome = { items: 0, missing: new Set(), failures: [] };
  vi.spyOn(globalThis, "fetch").mockImplementation(async (_, init) => {
    const form = new URLSearchParams(init?.body as string);
    const text = (name: string) => form.get(name) ?? "";
    const fromMs = Date.parse(`${text("start_time").replace(" ", "T")}Z`);
    asked.push({ imeis: text("imeis"), fromMs });
    const page = { startRow: Number(text("start_row")), pageSize: Number(text("page_size")) };
    const data = vendor({ imeis: text("imeis").split(","), fromMs, ...page });
    return Response.json(
      data === null ? { code: 1001, message: "Parameter validation failed" } : { code: 0, data },
    );
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Asks for a day that ended a while ago. */
async function ask(change: Partial<Window> = {}): Promise<void> {
  const session = {
    permit: async () => ({
      granted: true as const,
      token: "t",
      generation: 1,
      notBefore: 0,
      reportSuccess: false,
    }),
    report: async () => {},
  };
  const endpoint = { url: "https://vendor.example/route/rest", appKey: "key", appSecret: "secret" };
  const toMs = Math.floor(Date.now() / 1_000) * 1_000 - 10 * DAY_MS;
  await pollParking.ask({
    config: { PARKING_ACC_TYPES: ["off"] } as never,
    client: new JimiClient(endpoint, session, Date.now() + 60_000),
    window: { runId: "run", number: 1, account: "a", imeis: IMEIS, fromMs: toMs - DAY_MS, toMs, ...change },
    reachS: pollParking.reachS,
    outcome,
    mayGoOn: () => true,
    send: async (_, items) => void sent.push(...items),
  });
}

const stay = (imei: string | undefined, startMs: number): Row => ({
  ...(imei === undefined ? {} : { imei }),
  startTime: vendorTime(startMs),
  endTime: vendorTime(startMs + 60_000),
});

describe("stays are asked for", () => {
  it("until there are no more, where the vendor does not count them", async () => {
    const startMs = Date.now() - 10.5 * DAY_MS;
    const rows = IMEIS.flatMap((imei) =>
      Array.from({ length: 75 }, (_, number) => stay(imei, startMs + number * 120_000)),
    );
    vendor = ({ imeis, startRow, pageSize }) => {
      if ((startRow - 1) % pageSize > 0) return null;
      const told = rows.filter(({ imei }) => imei !== undefined && imeis.includes(imei));
      return { totalTime: "1", dataTotalRows: "0", rows: told.slice(startRow - 1, startRow - 1 + pageSize) };
    };
    await ask();
    expect(outcome.failures).toEqual([]);
    expect(new Set(sent)).toEqual(new Set(rows));
    expect(sent).toHaveLength(rows.length);
  });

  it("and none is an answer", async () => {
    vendor = () => ({ totalTime: "0", dataTotalRows: "0", rows: null });
    await ask();
    expect(outcome).toEqual({ items: 0, missing: new Set(), failures: [] });
  });

  it("no further back than the vendor answers, though they begin there", async () => {
    const earliestMs = Date.now() - 89 * DAY_MS;
    const fromMs = Math.ceil(earliestMs / 1_000) * 1_000 + 2 * HOUR_MS;
    vendor = ({ imeis, fromMs: begin }) => {
      if (begin < earliestMs - 1_000) return null;
      const rows = imeis.map((imei) => stay(imei, begin));
      return { dataTotalRows: String(rows.length), rows };
    };
    await ask({ fromMs, toMs: fromMs + DAY_MS });
    expect(outcome.failures).toEqual([]);
    expect(sent).toHaveLength(IMEIS.length);
  });

  it("also where one at the border does not say whose it is", async () => {
    vendor = ({ fromMs }) => ({ dataTotalRows: "1", rows: [stay(undefined, fromMs)] });
    await ask();
    expect(asked).toHaveLength(1);
    expect(sent).toHaveLength(1);
    expect(outcome).toMatchObject({ missing: new Set(), failures: [] });
  });
});
