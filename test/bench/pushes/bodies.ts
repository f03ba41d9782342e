/** What pushes to the measured Worker authenticate with. */
export const TOKEN = "bench-push-token-0001";

const IMEI_BASE = 867_000_000_000_000;
const FIX_EVERY_MS = 10_000;

/** Bodies of `/pushgps` that go on for ever, as the IoT Hub sends them: a form with a token and a list (E2). */
export class GpsBodies {
  readonly #vehicles: number;
  readonly #startMs: number;
  #sent = 0;

  /** @param startMs Time of the first fixes; no (imei, gpsTime) ever comes again. */
  constructor(vehicles: number, startMs: number) {
    this.#vehicles = vehicles;
    this.#startMs = startMs;
  }

  next(items: number): string {
    const list = Array.from({ length: items }, () => this.#item());
    return new URLSearchParams({ token: TOKEN, data_list: JSON.stringify(list) }).toString();
  }

  #item() {
    const vehicle = this.#sent % this.#vehicles;
    const ms = this.#startMs + Math.floor(this.#sent / this.#vehicles) * FIX_EVERY_MS;
    this.#sent += 1;
    const gpsTime = new Date(ms).toISOString().slice(0, 19).replace("T", " ");
    return {
      deviceImei: String(IMEI_BASE + vehicle),
      gpsTime,
      gateTime: gpsTime,
      satelliteNum: 11,
      lng: 36.817223 + (this.#sent % 997) / 10_000,
      lat: -1.286389 + (this.#sent % 991) / 10_000,
      gpsMode: 0,
      gpsSpeed: this.#sent % 90,
      direction: this.#sent % 360,
      acc: 1,
      postType: 1,
      altitude: 1661,
      distance: 15_234_704 + this.#sent,
      status: 262_147,
    };
  }
}
