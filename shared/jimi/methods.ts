import { excerpt } from "../text.ts";
import { withoutPerson } from "./account-item.ts";
import type { JimiClient } from "./client.ts";
import type { JimiFailure } from "./failures.ts";
import { type JimiResult, vendorTime } from "./request.ts";
import { readInteger } from "./values.ts";

/** The vendor documents 100, production has proved 50 (reference §2). */
export const MAX_IMEIS_PER_CALL = 50;

/** Items as the vendor sent them. */
export type JimiItems = JimiResult<unknown[]>;

/** All devices of an account, as listed: driver, SIM and plate can be null here although set (reference §2.1). */
export function listDevices(client: JimiClient, account: string): Promise<JimiItems> {
  return items(client, "jimi.user.device.list", { target: account });
}

/** Last position of every device of an account. Some devices are silently missing (reference §2.6). */
export function listLocations(client: JimiClient, account: string): Promise<JimiItems> {
  return items(client, "jimi.user.device.location.list", { target: account });
}

/** Accounts below an account, without what is said of people in them (reference §2.5). */
export async function listChildren(client: JimiClient, account: string): Promise<JimiItems> {
  const answer = await items(client, "jimi.user.child.list", { target: account });
  return answer.ok ? { ok: true, value: answer.value.map(withoutPerson) } : answer;
}

/** The device groups of an account, which is `account` here and not `target` (reference §2.4). */
export function listGroups(client: JimiClient, account: string): Promise<JimiItems> {
  return items(client, "jimi.device.group.list", { account });
}

/** One device in full, driver included (reference §2.2). */
export async function getDetail(client: JimiClient, imei: string): Promise<JimiItems> {
  const method = "jimi.track.device.detail";
  const answer = await client.call(method, { imei });
  if (!answer.ok) return answer;
  const { result } = answer.value;
  if (result === null || result === undefined) return { ok: true, value: [] };
  if (typeof result === "object" && !Array.isArray(result)) return { ok: true, value: [result] };
  return { ok: false, failure: unexpected(method, result) };
}

/** What a batch call brought, and which devices the vendor does not let us see. */
export interface BatchOutcome {
  items: unknown[];
  illegal: string[];
}

/**
 * Last position of chosen devices. One illegal IMEI fails a whole call (1002), so a failed batch is halved
 * until the culprit stands alone: k culprits among n cost about 2·k·log2(n) calls more.
 *
 * @param imeis At most {@link MAX_IMEIS_PER_CALL}.
 */
export async function getLocations(client: JimiClient, imeis: string[]): Promise<JimiResult<BatchOutcome>> {
  const answer = await items(client, "jimi.device.location.get", { imeis: imeis.join(",") });
  if (answer.ok) return { ok: true, value: { items: answer.value, illegal: [] } };
  if (answer.failure.kind !== "illegal_device") return answer;
  if (imeis.length === 1) return { ok: true, value: { items: [], illegal: imeis } };

  const middle = Math.ceil(imeis.length / 2);
  const left = await getLocations(client, imeis.slice(0, middle));
  if (!left.ok) return left;
  const right = await getLocations(client, imeis.slice(middle));
  if (!right.ok) return right;
  return {
    ok: true,
    value: {
      items: [...left.value.items, ...right.value.items],
      illegal: [...left.value.illegal, ...right.value.illegal],
    },
  };
}

/** Points of one device, oldest first as a rule (reference §2.7). At most seven days, and slow. */
export function listTrack(client: JimiClient, imei: string, span: Span): Promise<JimiItems> {
  return items(client, "jimi.device.track.list", { imei, ...spanOf(span) });
}

/** Trips of chosen devices. A list of {@link MOST_TRIPS} is cut, silently (reference §2.7). */
export function listTrips(client: JimiClient, imeis: string[], span: Span): Promise<JimiItems> {
  return items(client, "jimi.device.track.mileage", { imeis: imeis.join(","), ...spanOf(span) });
}

/** The vendor tells no more trips at once. It pages by `start_row`, whose base is nowhere stated: asking for less is safe. */
export const MOST_TRIPS = 100;

/** A page of alarms of chosen devices, from page 1 (reference §2.8). */
export async function listAlarms(
  client: JimiClient,
  imeis: string[],
  span: Span,
  page: number,
): Promise<JimiResult<{ rows: unknown[] }>> {
  const answer = await items(client, "jimi.device.alarm.list", {
    imeis: imeis.join(","),
    ...spanOf(span),
    page_no: String(page),
    page_size: String(ALARMS_PER_PAGE),
  });
  return answer.ok ? { ok: true, value: { rows: answer.value } } : answer;
}

/** The largest page there is. */
export const ALARMS_PER_PAGE = 100;

/** A query has no more alarms than these, however it is paged. */
export const MOST_ALARMS = 1_000;

/** Where a page of a report begins, and how long it is. */
export interface Paging {
  startRow: number;
  pageSize: number;
}

/** A page of stays of devices of one account, and how many rows there are in all (reference §2.8). */
export async function listParking(
  client: JimiClient,
  account: string,
  imeis: string[],
  span: Span,
  accType: string,
  { startRow, pageSize }: Paging,
): Promise<JimiResult<{ rows: unknown[]; total: number }>> {
  const method = "jimi.open.platform.report.parking";
  const paging = { acc_type: accType, start_row: String(startRow), page_size: String(pageSize) };
  const answer = await report(client, method, { account, imeis, span }, paging, "rows", "dataTotalRows");
  if (!answer.ok) return answer;
  const { rows, total } = answer.value;
  if (total !== null && total >= rows.length) return { ok: true, value: { rows, total } };
  // Without a count that can be true, a full page may be one of any number.
  return {
    ok: true,
    value: { rows, total: rows.length < pageSize ? rows.length : Number.POSITIVE_INFINITY },
  };
}

/** The largest page there is. */
export const OBD_ROWS_PER_PAGE = 100;

/**
 * A page of OBD readings (`list`) or trouble codes (`fault`) of devices of one account, from page 1, and how many rows
 * there are in all, where the vendor says so. What else it says of its pages may be 0 (reference §2.9).
 */
export function listObd(
  client: JimiClient,
  what: "list" | "fault",
  account: string,
  imeis: string[],
  span: Span,
  page: number,
): Promise<JimiResult<{ rows: unknown[]; total: number | null }>> {
  const method = `jimi.device.obd.${what}`;
  const paging = { page_no: String(page), page_size: String(OBD_ROWS_PER_PAGE) };
  return report(client, method, { account, imeis, span }, paging, "result", "totalRecord");
}

/** From one instant to another, ms since the epoch. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/** What a report is about. */
interface ReportAbout {
  account: string;
  imeis: string[];
  span: Span;
}

/** A page of a report of one account, whose rows and their number, where it says so, stand in its `data` under these names. */
async function report(
  client: JimiClient,
  method: string,
  { account, imeis, span }: ReportAbout,
  paging: Record<string, string>,
  rowsName: string,
  totalName: string,
): Promise<JimiResult<{ rows: unknown[]; total: number | null }>> {
  const about = { account, imeis: imeis.join(",") };
  const during = { start_time: vendorTime(span.fromMs), end_time: vendorTime(span.toMs) };
  const answer = await client.call(method, { ...about, ...during, ...paging });
  if (!answer.ok) return answer;
  const { data } = answer.value;
  if (data === null || data === undefined) return { ok: true, value: { rows: [], total: 0 } };
  const told = data as Record<string, unknown>;
  const rows = told[rowsName] ?? [];
  if (!Array.isArray(rows)) return { ok: false, failure: unexpected(method, rows) };
  return { ok: true, value: { rows, total: readInteger(told[totalName], 0, 1e9) } };
}

const spanOf = ({ fromMs, toMs }: Span) => ({ begin_time: vendorTime(fromMs), end_time: vendorTime(toMs) });

/** An empty answer is null, an empty list or no key at all (reference §1.7). */
async function items(
  client: JimiClient,
  method: string,
  parameters: Record<string, string>,
): Promise<JimiItems> {
  const answer = await client.call(method, parameters);
  if (!answer.ok) return answer;
  const { result } = answer.value;
  if (result === null || result === undefined) return { ok: true, value: [] };
  if (Array.isArray(result)) return { ok: true, value: result };
  return { ok: false, failure: unexpected(method, result) };
}

function unexpected(method: string, result: unknown): JimiFailure {
  return {
    kind: "unreadable",
    message: `Tracksolid answered ${method} with ${excerpt(result)} instead of items`,
  };
}
