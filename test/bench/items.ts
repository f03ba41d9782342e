import { parseLocationItem } from "../../shared/jimi/location-item.ts";
import type { Fix } from "../../shared/records.ts";

/** A location item of the vendor. */
export type Item = Record<string, unknown>;

/** A vehicle under way reports this often. */
const FIX_EVERY_MS = 10_000;

/** Location items that go on for ever, in the order of their arrival: every vehicle once, then once more. */
export class ItemStream {
  readonly #templates: Item[];
  readonly #startMs: number;
  #sent = 0;
  #seed = 1;

  /** @param templates One item per vehicle, as the simulator tells it. */
  constructor(templates: Item[], startMs: number) {
    this.#templates = templates;
    this.#startMs = startMs;
  }

  /** The next items. No (imei, gpsTime) ever comes again. */
  next(count: number): Item[] {
    return Array.from({ length: count }, () => {
      const lap = Math.floor(this.#sent / this.#templates.length);
      const vehicle = this.#sent % this.#templates.length;
      this.#sent += 1;
      const gpsMs = this.#startMs + lap * FIX_EVERY_MS + (vehicle % 10) * 1000;
      const template = this.#templates[vehicle] as Item;
      return {
        ...template,
        lat: degrees(Number(template.lat) + this.#random() * 0.02),
        lng: degrees(Number(template.lng) + this.#random() * 0.02),
        speed: String(Math.round(this.#random() * 90)),
        direction: String(Math.floor(this.#random() * 360)),
        gpsNum: String(6 + Math.floor(this.#random() * 9)),
        currentMileage: String(20_000 + vehicle * 37 + Math.round(lap * 1.3) / 10),
        gpsTime: vendorTime(gpsMs),
        hbTime: vendorTime(gpsMs + 2000),
      };
    });
  }

  /** The next items as fixes, the rows of the history statement. */
  nextFixes(count: number): Fix[] {
    const items = this.next(count);
    const receivedMs = this.receivedMs();
    return items.map((item) => parseLocationItem(item, { account: null, receivedMs, path: null }).fix as Fix);
  }

  /** When the newest item is received: shortly after its fix. */
  receivedMs(): number {
    return this.#startMs + Math.ceil(this.#sent / this.#templates.length) * FIX_EVERY_MS + 5000;
  }

  /** Park and Miller: in [0, 1), the same in every run. */
  #random(): number {
    this.#seed = (this.#seed * 48_271) % 2_147_483_647;
    return this.#seed / 2_147_483_647;
  }
}

const degrees = (value: number): number => Math.round(value * 1e6) / 1e6;
const vendorTime = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace("T", " ");
