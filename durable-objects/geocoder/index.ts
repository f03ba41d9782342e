import { DurableObject } from "cloudflare:workers";
import { geocoderConfig } from "../../shared/config.ts";
import { reportFailure } from "../../shared/failure-reports.ts";
import { newId } from "../../shared/ids.ts";
import { log, messageOf } from "../../shared/log.ts";
import { ADDRESS_VERSION } from "../../shared/message.ts";
import type { WantedCell } from "../../shared/records.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { sendPolled } from "../../workers/queue/send.ts";
import { type Answer, askAddress, endpointOf, type GeocoderEndpoint } from "./ask.ts";
import { Backlog } from "./backlog.ts";

/** The public Nominatim allows a request a second: from the end of one to the start of the next, the way cannot shorten it. */
const PACE_MS = 1_000;

/** After a failure nobody asks for so long, doubling with each that follows. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 10 * 60_000;

/** What a geocoder that wants to be left alone for longer may ask for. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/** Answers that the queue did not take are offered again after so long. */
const RESEND_AFTER_MS = 10_000;

/** Failures in a row. Stored. */
interface Pause {
  failures: number;
  /** Nobody asks before, ms. */
  until: number;
  /** For an operator. */
  reason: string;
}

/** What became of everything since the beginning. Stored. */
export interface GeocoderCounts {
  /** Requests. */
  asked: number;
  /** Of those the ones that brought an address. */
  answered: number;
  /** The ones whose answer was that there is none. */
  unknown: number;
  /** The ones without an answer. */
  failed: number;
  /** Cells left without an address: fallen off the backlog, or refused too often. */
  dropped: number;
}

/** What an operator may know of it. */
export interface GeocoderFigures extends GeocoderCounts {
  /** Cells that wait for their turn. */
  waiting: number;
  /** Nobody asks before, ms; 0 without a pause. */
  pausedUntil: number;
}

/**
 * The one place that asks for addresses: the newest place first, each cell once, one request after the other. It is told
 * which cells are wanted by those who looked into the cache of the database, and what it learns goes there through the
 * queue. Nobody waits for it.
 *
 * Storage: see {@link Backlog}, and the keys `last` (ms: end of the last request, its start while it is under way,
 * so that an eviction causes no burst), `pause` ({@link Pause}), `counts` ({@link GeocoderCounts}).
 */
export class Geocoder extends DurableObject<Env> {
  readonly #backlog = new Backlog(this.ctx.storage.sql);
  /** While a request is under way, its end sets the alarm. */
  #busy = false;
  #sendAfterMs = 0;

  /** Takes cells whose address is wanted. */
  async want(cells: WantedCell[]): Promise<void> {
    const fallen = this.#backlog.add(cells, nowMs());
    if (fallen > 0) {
      this.#count({ dropped: fallen });
      log("warn", "addresses_dropped", { cells: fallen });
    }
    if (!this.#busy) await this.#arm();
  }

  /** What an operator wants to know. */
  figures(): GeocoderFigures {
    const { until } = this.#pause();
    return { ...this.#counts(), waiting: this.#backlog.waiting, pausedUntil: until > nowMs() ? until : 0 };
  }

  override async alarm(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      await this.#work();
    } catch (error) {
      // Thrown, it would be retried six times and then never run again.
      log("error", "geocoder_failed", { error: messageOf(error) });
      reportFailure(this.env, { event: "geocoder_failed", error, alike: [], tags: {} });
      this.#fail(messageOf(error), 0);
    } finally {
      this.#busy = false;
      await this.#arm();
    }
  }

  /** One request at most, and whatever there is to send. */
  async #work(): Promise<void> {
    const endpoint = this.#endpoint();
    const next = this.#backlog.next();
    if (endpoint !== null && next !== undefined && this.#nextStart() <= nowMs()) {
      // Before the request leaves: the runtime holds it back until this is stored.
      this.ctx.storage.kv.put("last", nowMs());
      this.#count({ asked: 1 });
      const answer = await askAddress(endpoint, next.lat, next.lng);
      this.ctx.storage.kv.put("last", nowMs());
      this.#heed(next, answer);
    }
    await this.#send(endpoint);
  }

  #heed({ cell, lat, lng }: WantedCell, answer: Answer): void {
    switch (answer.kind) {
      case "known":
      case "unknown": {
        const address = answer.kind === "known" ? answer.address : null;
        const fetchedAt = toIso(nowMs());
        this.#backlog.answered({ v: ADDRESS_VERSION, cell, lat, lng, address, fetchedAt }, nowMs());
        this.#count(address === null ? { unknown: 1 } : { answered: 1 });
        this.ctx.storage.kv.delete("pause");
        return;
      }
      case "refused": {
        this.#backlog.failed(cell);
        const isGivenUp = this.#backlog.refused(cell, nowMs());
        this.#count({ failed: 1, dropped: isGivenUp ? 1 : 0 });
        this.#fail(answer.message, 0);
        return;
      }
      case "trouble":
        this.#backlog.failed(cell);
        this.#count({ failed: 1 });
        this.#fail(answer.message, answer.retryAfterMs);
        return;
    }
  }

  /** Nobody asks for a while: twice as long as after the failure before. */
  #fail(reason: string, retryAfterMs: number): void {
    const failures = this.#pause().failures + 1;
    const doubledMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 20));
    const pauseMs = Math.max(doubledMs, Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS));
    // The jitter only adds: what the geocoder asked for is a minimum.
    const until = nowMs() + Math.ceil(pauseMs * (1 + Math.random() / 4));
    this.ctx.storage.kv.put<Pause>("pause", { failures, until, reason });
    log("warn", "geocoder_paused", { reason, failures, until: toIso(until) });
  }

  /** Hands answers to the writer, several in a message. What the queue does not take is offered again. */
  async #send(endpoint: GeocoderEndpoint | null): Promise<void> {
    const records = this.#backlog.unsent();
    const isIdle = endpoint === null || this.#backlog.waiting === 0 || this.#pause().until > nowMs();
    if (!this.#backlog.isDue(records, isIdle) || this.#sendAfterMs > nowMs()) return;
    try {
      const origin = {
        receipt: newId(),
        kind: "address",
        account: null,
        receivedAt: toIso(nowMs()),
      } as const;
      await sendPolled(this.env, origin, records);
      this.#backlog.sent(records);
    } catch (error) {
      this.#sendAfterMs = nowMs() + RESEND_AFTER_MS;
      log("warn", "addresses_not_sent", { records: records.length, error: messageOf(error) });
    }
  }

  /** Sets the alarm to what is due first; nothing to do, none. */
  async #arm(): Promise<void> {
    const dues: number[] = [];
    if (this.#backlog.unsent().length > 0) dues.push(Math.max(this.#sendAfterMs, this.#nextStart()));
    if (this.#endpoint() !== null && this.#backlog.next() !== undefined) dues.push(this.#nextStart());
    if (dues.length > 0) await this.ctx.storage.setAlarm(Math.max(Math.min(...dues), nowMs()));
  }

  #nextStart(): number {
    const now = nowMs();
    const last = this.ctx.storage.kv.get<number>("last") ?? 0;
    // An end in the future: the clock was set back.
    return Math.max(now, Math.min(last, now) + PACE_MS, this.#pause().until);
  }

  /** Null while addresses are not looked up; why not, the job `addresses` says. */
  #endpoint(): GeocoderEndpoint | null {
    try {
      return endpointOf(geocoderConfig(this.env));
    } catch {
      return null;
    }
  }

  #pause(): Pause {
    const pause = this.ctx.storage.kv.get<Pause>("pause") ?? { failures: 0, until: 0, reason: "" };
    // Further ahead than any pause: the clock was set back.
    return pause.until - nowMs() > 2 * LONGEST_RETRY_AFTER_MS ? { ...pause, until: 0 } : pause;
  }

  #counts(): GeocoderCounts {
    const none: GeocoderCounts = { asked: 0, answered: 0, unknown: 0, failed: 0, dropped: 0 };
    return this.ctx.storage.kv.get<GeocoderCounts>("counts") ?? none;
  }

  #count(more: Partial<GeocoderCounts>): void {
    const counts = this.#counts();
    for (const [name, number] of Object.entries(more)) counts[name as keyof GeocoderCounts] += number;
    this.ctx.storage.kv.put("counts", counts);
  }
}

/** The one geocoder of an environment: its pace is that of the whole deployment. */
export function geocoder(env: Env): DurableObjectStub<Geocoder> {
  // Near the public Nominatim: whoever asks first must not decide where it lives.
  return env.GEOCODER.getByName("all", { locationHint: "weur" });
}
