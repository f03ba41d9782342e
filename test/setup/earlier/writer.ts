import type postgres from "postgres";
import { parseVendorTime, vendorTime } from "../../simulator/clock.ts";
import type { World } from "../world.ts";
import { EarlierSystem } from "./session.ts";
import { OLD_STATEMENTS } from "./statements.ts";

type Item = Record<string, unknown>;

/** Of so few no list is cut: the vendor tells no more than 100 trips at once. */
const IMEIS_PER_CALL = 5;
const ROWS_PER_PAGE = 100;

/** The earlier system's worker: polls the vendor, and says to databases what it said to its own. */
export class EarlierWriter {
  readonly #world: World;
  readonly #databases: [postgres.Sql, ...postgres.Sql[]];
  readonly session: EarlierSystem;

  /** @param databases It keeps its token in the first. */
  constructor(world: World, databases: [postgres.Sql, ...postgres.Sql[]]) {
    this.#world = world;
    this.#databases = databases;
    this.session = new EarlierSystem(world, databases[0]);
  }

  /** The registry. */
  async devices(): Promise<void> {
    for (const account of this.#world.info.accounts) {
      for (const item of await this.#list("jimi.user.device.list", { target: account })) {
        await this.#say("devices", [
          ...[item.imei, item.deviceName, item.mcType, account, item.vehicleNumber, item.driverName],
          Number(item.enabledFlag ?? 1),
        ]);
      }
    }
  }

  /** Where every vehicle is now. */
  async live(): Promise<void> {
    for (const account of this.#world.info.accounts) {
      for (const item of await this.#list("jimi.user.device.location.list", { target: account })) {
        if (!item.gpsTime || (Number(item.lat) === 0 && Number(item.lng) === 0)) continue;
        const place = [Number(item.lat), Number(item.lng), Number(item.speed || 0), Number(item.direction)];
        const acc = Number(item.accStatus);
        const fixAt = at(item.gpsTime);
        await this.#say("position_history", [item.imei, fixAt, ...place, acc, "poll"]);
        const contactAt = item.hbTime ? at(item.hbTime) : null;
        await this.#say("live_positions", [item.imei, ...place, fixAt, contactAt, acc, item.posType]);
      }
    }
  }

  /** What vehicles did in a span (Unix seconds). */
  async past(fromS: number, toS: number): Promise<void> {
    const span = { begin_time: vendorTime(fromS * 1000), end_time: vendorTime(toS * 1000) };
    const [database] = this.#databases;
    const rows = await database<
      { imei: string; account: string }[]
    >`select imei, account from tracksolid.devices order by imei`;
    for (const { imei } of rows) {
      for (const point of await this.#list("jimi.device.track.list", { imei, ...span })) {
        await this.#say("position_history", [
          ...[imei, at(point.gpsTime), point.lat, point.lng, point.gpsSpeed, point.direction],
          ...[point.accStatus === "ON" ? 1 : 0, "track_list"],
        ]);
      }
    }
    for (let index = 0; index < rows.length; index += IMEIS_PER_CALL) {
      const imeis = rows
        .slice(index, index + IMEIS_PER_CALL)
        .map(({ imei }) => imei)
        .join(",");
      await this.#trips(imeis, span);
      await this.#alarms(imeis, span);
    }
    for (const account of new Set(rows.map((row) => row.account))) {
      const imeis = rows.filter((row) => row.account === account).map(({ imei }) => imei);
      for (let index = 0; index < imeis.length; index += IMEIS_PER_CALL) {
        await this.#parking(account, imeis.slice(index, index + IMEIS_PER_CALL).join(","), span);
      }
    }
  }

  async #trips(imeis: string, span: Item): Promise<void> {
    for (const item of await this.#list("jimi.device.track.mileage", { imeis, ...span })) {
      await this.#say("trips", [
        ...[
          item.imei,
          at(item.startTime),
          at(item.endTime),
          Number(item.distance) / 1000,
          item.runTimeSecond,
        ],
        ...[item.avgSpeed, item.maxSpeed, item.startLat, item.startLng, item.endLat, item.endLng],
      ]);
    }
  }

  async #alarms(imeis: string, span: Item): Promise<void> {
    for (let page = 1; ; page += 1) {
      const paging = { page_no: page, page_size: ROWS_PER_PAGE };
      const items = await this.#list("jimi.device.alarm.list", { imeis, ...span, ...paging });
      for (const item of items) {
        const place = [item.lat, item.lng, Number(item.speed)];
        await this.#say("alarms", [
          item.imei,
          item.alertTypeId,
          item.alarmTypeName,
          at(item.alertTime),
          ...place,
        ]);
      }
      if (items.length < ROWS_PER_PAGE) return;
    }
  }

  async #parking(account: string, imeis: string, span: Item): Promise<void> {
    const paging = { acc_type: "0", start_row: 0, page_size: ROWS_PER_PAGE };
    const answer = await this.session.ask("jimi.open.platform.report.parking", {
      ...{ account, imeis, start_time: String(span.begin_time), end_time: String(span.end_time) },
      ...paging,
    });
    for (const item of ((answer?.data as { rows?: Item[] } | undefined)?.rows ?? []) as Item[]) {
      const endAt = item.endTime ? new Date(String(item.endTime)).toISOString() : null;
      const startAt = new Date(String(item.startTime)).toISOString();
      await this.#say("parking_events", [
        ...[item.imei, startAt, endAt, Number(item.durSecond), item.lat, item.lng, item.addr],
      ]);
    }
  }

  async #list(method: string, params: Item): Promise<Item[]> {
    const answer = await this.session.ask(method, params as Record<string, string | number>);
    return (answer?.result ?? []) as Item[];
  }

  async #say(table: keyof typeof OLD_STATEMENTS, values: unknown[]): Promise<void> {
    const told = values.map((value) => value ?? null) as postgres.ParameterOrJSON<never>[];
    await Promise.all(this.#databases.map((database) => database.unsafe(OLD_STATEMENTS[table], told)));
  }
}

const at = (text: unknown): string => new Date(parseVendorTime(String(text))).toISOString();
