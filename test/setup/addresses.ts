import type { Fault } from "../nominatim/faults.ts";
import type { NominatimRequest } from "../nominatim/server.ts";

/** The control door of a Nominatim stand-in, for the requests of one whole degree of latitude. Works inside workerd too. */
export class Addresses {
  readonly #door: string;
  readonly #band: number | null;

  constructor(nominatimUrl: string, band: number | null = null) {
    this.#door = `${nominatimUrl}/control`;
    this.#band = band;
  }

  /** What was asked, oldest first. */
  async requests(): Promise<NominatimRequest[]> {
    const query = this.#band === null ? "" : `?band=${this.#band}`;
    return (await fetch(`${this.#door}/requests${query}`)).json();
  }

  async addFault(fault: Fault): Promise<void> {
    const band = this.#band === null ? {} : { band: this.#band };
    const body = JSON.stringify({ ...band, ...fault });
    const response = await fetch(`${this.#door}/faults`, { method: "POST", body });
    if (!response.ok) throw new Error(await response.text());
    await response.body?.cancel();
  }

  async clearFaults(): Promise<void> {
    await (await fetch(`${this.#door}/faults`, { method: "DELETE" })).body?.cancel();
  }
}
