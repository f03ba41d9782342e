import { isEmpty, type LiveAnswer, type LiveQuery } from "../../shared/live/query.ts";
import { compress } from "./compress.ts";
import { filterVehicles } from "./filter.ts";
import type { Fleet } from "./fleet.ts";
import { type Head, toColumns, toGeoJson } from "./forms.ts";

/** Answers of the live map. What everybody gets, the whole fleet, is made once per version, form and encoding. */
export class Bodies {
  readonly #kept = new Map<string, Uint8Array>();
  #version = "";

  answer({ form, registry, filter, known, encoding }: LiveQuery, fleet: Fleet, head: Head): LiveAnswer {
    const { version } = head;
    if (known === "any" || known.includes(version)) return { kind: "unchanged", version };
    if (version !== this.#version) this.#kept.clear();
    this.#version = version;
    const name = `${form} ${registry} ${encoding}`;
    const kept = isEmpty(filter) ? this.#kept.get(name) : undefined;
    if (kept) return { kind: "body", version, body: kept };
    const vehicles = filterVehicles(fleet.shown(), filter);
    const content = form === "geojson" ? toGeoJson(head, vehicles) : toColumns(head, vehicles, registry);
    const body = compress(new TextEncoder().encode(JSON.stringify(content)), encoding);
    if (isEmpty(filter)) this.#kept.set(name, body);
    return { kind: "body", version, body };
  }
}
