import { DurableObject } from "cloudflare:workers";
import { serviceConfig } from "../../shared/config.ts";
import { reportFailure } from "../../shared/failure-reports.ts";
import type { Hint } from "../../shared/live/facts.ts";
import type { LiveAnswer, LiveFilter, LiveQuery } from "../../shared/live/query.ts";
import { log, messageOf } from "../../shared/log.ts";
import { settings } from "../../shared/settings.ts";
import { nowMs, toIso, within } from "../../shared/time.ts";
import { Awaited } from "./awaited.ts";
import { Bodies } from "./bodies.ts";
import { filterVehicles } from "./filter.ts";
import { Fleet } from "./fleet.ts";
import type { Head } from "./forms.ts";
import { type Neighbour, nearest } from "./nearest.ts";
import { Reconciler } from "./reconcile.ts";
import { stands } from "./standing.ts";
import { loadSnapshot, outdateSnapshot, saveSnapshot } from "./stored.ts";
import { Streams } from "./streams.ts";
import { readTicket, type StreamCaller, signingKey, signTicket, streamCaller } from "./ticket.ts";

/** Somebody who polls counts as watching for so long after each request. */
const WATCHED_MS = 60_000;

/** A reader waits no longer for the database before he gets what is known. */
const READER_PATIENCE_MS = 2_000;

/** Nor for the first rows that it ever sees, before it is told to come again. */
const FIRST_PATIENCE_MS = 5_000;

/** A read of the database that takes longer is given up; its statement ends by its role's time-out. */
const SOURCE_PATIENCE_MS = 15_000;

/** Without a reconcile for so long the map is behind: three that failed. */
const BEHIND_AFTER_MS = 30_000;

/** The snapshot is written at most so often. */
const SAVE_EVERY_MS = 5_000;

/** Keys of open streams are looked up so often. */
const KEYS_EVERY_MS = 60_000;

/** The platform waits for six answers at a time. */
const KEYS_AT_ONCE = 6;

/** So long a stream's URL can be used. */
const TICKET_MS = 60_000;

/** An alarm that is so late will not come: another one is set. */
const LOST_ALARM_MS = 30_000;

/** No alarm is set closer than this, however short the settings of a test. */
const SHORTEST_ALARM_MS = 250;

/**
 * The live map: a mirror of `live_positions` and `devices` that answers from memory. The writer tells it what it
 * committed; it reads the database itself at its start, after a lost hint, and while anybody watches, so that
 * whatever else changes a row heals by itself. With the database away it serves what it knows and says so.
 *
 * Versions are `<boot>.<n>`: n counts changes that clients can see; a boot is a life of the object's memory,
 * and goes on over a sleep whose last version was stored. Storage: see `stored.ts`.
 */
export class LiveMap extends DurableObject<Env> {
  readonly #thresholds = {
    movingAboveKmh: settings.movingAboveKmh,
    staleAfterS: settings.staleAfterS,
    silentAfterS: settings.silentAfterS,
  };
  readonly #fleet = new Fleet(this.#thresholds, () => this.#publish());
  readonly #bodies = new Bodies();
  readonly #awaited = new Awaited();
  readonly #streams: Streams;
  readonly #reconciler: Reconciler;
  readonly #everyMs: number;
  #boot = newBoot();
  #asOfMs = nowMs();
  /** When the map last agreed with the database; 0 never. */
  #knownAtMs = 0;
  #behind = false;
  #reconciling: Promise<void> | undefined;
  #triedAtMs = 0;
  #watchedUntilMs = 0;
  #savedAtMs = 0;
  #dirty = false;
  #keysSeenAtMs = nowMs();
  #alarmAtMs = Infinity;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#everyMs = serviceConfig(env).LIVE_RECONCILE_EVERY_S * 1000;
    this.#streams = new Streams(ctx);
    const stored = loadSnapshot(ctx.storage);
    if (stored !== null) {
      const { snapshot, latest } = stored;
      if (latest && !snapshot.forgetful && snapshot.code === env.VERSION.id) this.#boot = snapshot.boot;
      this.#fleet.restore(snapshot.version, snapshot.vehicles);
      this.#knownAtMs = snapshot.knownAtMs;
      this.#asOfMs = snapshot.asOfMs;
      this.#behind = snapshot.behind;
    }
    const source = ctx.exports.LiveSource;
    this.#reconciler = new Reconciler(
      (changedAfter, afterImei) => source.read(changedAfter, afterImei),
      stored?.snapshot.reading,
    );
    ctx.waitUntil(this.#reconcile());
  }

  /** What the writer has committed. Best effort: rows that do not come here are found by the next reconcile. */
  hint(hint: Hint): void {
    this.#fleet.take(hint, nowMs());
    this.#awaited.look((imei) => this.#fleet.fixAtMs(imei));
    if (hint.alarms > 0) this.#streams.tellOfAlarms(this.#shown(), nowMs());
    this.#arm();
  }

  /** Resolves with true once the map has this fix of a device, or a newer one; with false when it does not come in time. */
  awaitFix(imei: string, fixAtMs: number, patienceMs: number): Promise<boolean> {
    return this.#awaited.fix(imei, fixAtMs, patienceMs);
  }

  /** A hint was lost, or something else changed rows: look now. */
  async heed(): Promise<void> {
    await this.#knowSince(nowMs());
  }

  /** Answers `GET /v1/live`; null while nothing is known. */
  async read(query: LiveQuery): Promise<LiveAnswer | null> {
    return (await this.#ready()) ? this.#bodies.answer(query, this.#fleet, this.#head()) : null;
  }

  /** Answers `GET /v1/nearest`; null while nothing is known. */
  async nearest(
    point: { lat: number; lng: number },
    count: number,
    filter: LiveFilter,
  ): Promise<(Head & { at: string; vehicles: Neighbour[] }) | null> {
    if (!(await this.#ready())) return null;
    const at = nowMs();
    const vehicles = nearest(filterVehicles(this.#fleet.shown(), filter), point, count, at);
    return { ...this.#head(), at: toIso(at), vehicles };
  }

  /** A ticket that opens a stream on a caller's behalf, once or more, until it ends. */
  async ticket(caller: StreamCaller): Promise<{ ticket: string; expiresAtMs: number }> {
    const expiresAtMs = Math.min(nowMs() + TICKET_MS, caller.expiresAtMs ?? Infinity);
    return { ticket: await signTicket(await signingKey(this.ctx.storage), caller, expiresAtMs), expiresAtMs };
  }

  /** Whom a ticket stands for; null when it is not ours or over. */
  async redeem(ticket: string): Promise<StreamCaller | null> {
    return readTicket(await signingKey(this.ctx.storage), ticket, nowMs());
  }

  /** What an operator wants to know. */
  figures() {
    return {
      version: this.#fleet.version,
      vehicles: this.#fleet.shown().length,
      streams: this.#streams.count,
      knownAtMs: this.#knownAtMs,
      behind: this.#behind,
      watched: this.#watched(),
    };
  }

  /**
   * Opens a stream for a caller whom the Worker admitted: header `x-caller`, {@link StreamCaller} in JSON; query
   * `since`, the version the client holds. Only this Worker can send requests here.
   */
  override async fetch(request: Request): Promise<Response> {
    if (!(await this.#ready())) return new Response(null, { status: 503 });
    const caller = streamCaller.parse(JSON.parse(request.headers.get("x-caller") ?? "null"));
    if (!this.#streams.hasRoomFor(caller)) return new Response(null, { status: 429 });
    const { 0: client, 1: server } = new WebSocketPair();
    const since = new URL(request.url).searchParams.get("since");
    this.#streams.open(server, caller, since, this.#shown(), nowMs());
    this.#arm();
    return new Response(null, { status: 101, webSocket: client });
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    // Counting the streams for each acknowledgement would cost their square.
    this.#watchedUntilMs = nowMs() + WATCHED_MS;
    this.#streams.heard(socket, message, this.#shown(), nowMs());
    this.#arm();
  }

  override webSocketClose(): void {
    // The runtime answers the closing handshake; what the socket held is gone with it.
  }

  override webSocketError(_: WebSocket, error: unknown): void {
    log("info", "stream_error", { error: messageOf(error) });
  }

  override async alarm(): Promise<void> {
    this.#alarmAtMs = Infinity;
    try {
      if (this.#watched()) {
        if (nowMs() >= this.#triedAtMs + this.#everyMs) this.ctx.waitUntil(this.#reconcile());
        this.#fleet.settle(nowMs());
        this.ctx.waitUntil(this.#closeStreamsOfGoneKeys());
        this.#streams.tend(this.#shown(), nowMs());
      }
      if (nowMs() >= this.#saveDueMs()) this.#save();
    } catch (error) {
      // Thrown, it would be retried six times and then never run again.
      log("error", "live_map_alarm_failed", { error: messageOf(error) });
      reportFailure(this.env, { event: "live_map_alarm_failed", error, alike: [], tags: {} });
    }
    this.#arm();
  }

  /** Brings the map up to date for a reader, within his patience. @returns False while nothing is known at all. */
  async #ready(): Promise<boolean> {
    this.#watchedUntilMs = nowMs() + WATCHED_MS;
    const wantedMs = nowMs() - 2 * this.#everyMs;
    // What has just failed need not be waited for again.
    const failed = this.#behind && this.#triedAtMs > wantedMs;
    if (this.#knownAtMs === 0) await within(this.#reconcile(), FIRST_PATIENCE_MS);
    else if (!failed && this.#knownAtMs < wantedMs) {
      await within(this.#knowSince(wantedMs), READER_PATIENCE_MS);
      this.#noteBehind();
    }
    this.#fleet.settle(nowMs());
    this.#arm();
    return this.#knownAtMs > 0;
  }

  /** A reconcile that is under way may have begun too early to know it. */
  async #knowSince(wantedMs: number): Promise<void> {
    await this.#reconcile();
    if (this.#knownAtMs < wantedMs) await this.#reconcile();
  }

  /** Single flight: while the database is awaited others come in, so the promise itself is shared. */
  #reconcile(): Promise<void> {
    this.#reconciling ??= this.#reconcileOnce().finally(() => {
      this.#reconciling = undefined;
      this.#arm();
    });
    return this.#reconciling;
  }

  async #reconcileOnce(): Promise<void> {
    const triedAtMs = nowMs();
    this.#triedAtMs = triedAtMs;
    try {
      const inTime = await within(
        this.#reconciler.reconcile(this.#fleet, nowMs).then(() => true),
        SOURCE_PATIENCE_MS,
      );
      if (!inTime) throw new Error(`The database took longer than ${SOURCE_PATIENCE_MS / 1000} s`);
      this.#awaited.look((imei) => this.#fleet.fixAtMs(imei));
      const wasBehind = this.#behind || this.#knownAtMs === 0;
      this.#knownAtMs = triedAtMs;
      this.#behind = false;
      if (wasBehind) this.#fleet.bump();
    } catch (error) {
      log("error", "live_reconcile_failed", { error: messageOf(error), knownAt: toIso(this.#knownAtMs) });
      this.#noteBehind();
    }
  }

  #noteBehind(): void {
    if (this.#behind || this.#knownAtMs === 0 || nowMs() - this.#knownAtMs < BEHIND_AFTER_MS) return;
    this.#behind = true;
    this.#fleet.bump();
  }

  /** A new version is there: everybody gets it, and the stored one is no longer the latest. */
  #publish(): void {
    this.#asOfMs = nowMs();
    if (!this.#dirty) outdateSnapshot(this.ctx.storage);
    this.#dirty = true;
    this.#streams.broadcast(this.#shown(), nowMs());
    this.#arm();
  }

  #save(): void {
    // First: what cannot be stored is tried again no sooner than what can.
    this.#savedAtMs = nowMs();
    saveSnapshot(this.ctx.storage, {
      boot: this.#boot,
      version: this.#fleet.version,
      vehicles: this.#fleet.stored(),
      forgetful: this.#fleet.hasGone,
      code: this.env.VERSION.id,
      reading: this.#reconciler.reading,
      behind: this.#behind,
      knownAtMs: this.#knownAtMs,
      asOfMs: this.#asOfMs,
    });
    this.#dirty = false;
  }

  async #closeStreamsOfGoneKeys(): Promise<void> {
    const now = nowMs();
    this.#streams.closeIf(({ expiresAtMs }) => expiresAtMs !== null && expiresAtMs <= now);
    if (now < this.#keysSeenAtMs + KEYS_EVERY_MS) return;
    this.#keysSeenAtMs = now;
    const callers = this.#streams.callers();
    for (let first = 0; first < callers.length; first += KEYS_AT_ONCE) {
      await Promise.all(
        callers.slice(first, first + KEYS_AT_ONCE).map(async (caller) => {
          if (await stands(this.env.KEYS, caller)) return;
          this.#streams.closeIf(
            ({ keyName, origin }) => keyName === caller.keyName && origin === caller.origin,
          );
        }),
      );
    }
  }

  /** Before the first reconcile there is nothing to leave to another life. */
  #saveDueMs(): number {
    return this.#dirty && this.#knownAtMs > 0 ? this.#savedAtMs + SAVE_EVERY_MS : Infinity;
  }

  #watched(): boolean {
    return nowMs() < this.#watchedUntilMs || this.#streams.count > 0;
  }

  /** Sets the alarm to what is due first. Nobody watches, nothing to store: none. */
  #arm(): void {
    const dues = [this.#saveDueMs()];
    if (this.#watched()) {
      if (!this.#reconciling) dues.push(this.#triedAtMs + this.#everyMs);
      dues.push(this.#fleet.flipsAtMs);
    }
    const dueMs = Math.max(Math.min(...dues), nowMs() + SHORTEST_ALARM_MS);
    const lost = nowMs() > this.#alarmAtMs + LOST_ALARM_MS;
    if (dueMs >= this.#alarmAtMs && !lost) return;
    this.#alarmAtMs = dueMs;
    this.ctx.waitUntil(this.ctx.storage.setAlarm(dueMs));
  }

  #shown() {
    return { boot: this.#boot, fleet: this.#fleet, head: this.#head() };
  }

  #head(): Head {
    return {
      version: `${this.#boot}.${this.#fleet.version}`,
      asOf: toIso(this.#asOfMs),
      behindSince: this.#behind ? toIso(this.#knownAtMs) : null,
      thresholds: this.#thresholds,
    };
  }
}

/** The live map of the fleet. Its name is known here alone: maps by account would be chosen here. */
export function liveMap(env: Env): DurableObjectStub<LiveMap> {
  // Near the dispatchers: whoever writes first must not decide where it lives.
  return env.LIVE_MAP.getByName("fleet", { locationHint: "afr" });
}

const newBoot = () => crypto.randomUUID().replaceAll("-", "").slice(0, 12);
