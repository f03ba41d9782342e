import { ApiProblem } from "../../../shared/errors.ts";
import { imeiText, plainText } from "../filters.ts";

/** What clients of the earlier system may ask with. */
export const OLD_FILTERS = [
  "imei",
  "account",
  "city",
  "segment",
  "vehicle_type",
  "plate",
  "driver",
  "status",
  "q",
  "from",
  "to",
] as const;

/** A filter, by the name it has here. */
export type OldFilter = (typeof OLD_FILTERS)[number];

/** The names that clients are taken to use; docs/compat.md says what of it is known. `OLD_FILTERS` adds to them. */
const NAMES: Record<string, OldFilter> = {
  ...Object.fromEntries(OLD_FILTERS.map((name) => [name, name])),
  ...{ imeis: "imei", vehicle: "imei", vehicles: "imei", device: "imei", vehicle_id: "imei" },
  ...{ accounts: "account", target: "account", cities: "city", segments: "segment" },
  ...{ type: "vehicle_type", vehicletype: "vehicle_type", vehicle_types: "vehicle_type" },
  ...{
    plates: "plate",
    vehicle_number: "plate",
    number_plate: "plate",
    drivers: "driver",
    driver_name: "driver",
  },
  ...{
    search: "q",
    query: "q",
    start: "from",
    start_date: "from",
    date_from: "from",
    from_date: "from",
    since: "from",
  },
  ...{ end: "to", end_date: "to", date_to: "to", to_date: "to", until: "to" },
};

/** Words by which a form says that it filters by nothing. */
const ANYTHING = new Set(["", "all", "any", "*", "null", "undefined"]);

/** More values than any form of theirs has. */
const MOST_VALUES = 500;

/** What a request of theirs filters by; a filter that it does not have is absent. */
export type OldAsked = Partial<Record<OldFilter, string[]>>;

/**
 * Reads filters by all the names they may have.
 * @param given Fields of a query, a form or a JSON object.
 * @param aliases Names of `OLD_FILTERS`; `ignore` for fields that are none.
 * @throws ApiProblem `invalid_request` for a field that is not known: whoever leaves out a filter shows the whole fleet.
 */
export function readOldFilters(given: [string, unknown][], aliases: Record<string, string>): OldAsked {
  const asked: OldAsked = {};
  for (const [field, value] of given) {
    const name = aliases[field] ?? NAMES[field.toLowerCase().replace(/\[\]$/, "")];
    if (name === "ignore") continue;
    const values = valuesOf(field, value);
    if (values.length === 0) continue;
    if (!isFilter(name)) {
      throw new ApiProblem("invalid_request", `${field.slice(0, 60)}: is no filter that is known here`);
    }
    asked[name] = [...(asked[name] ?? []), ...values];
  }
  for (const imei of asked.imei ?? []) {
    if (!imeiText.safeParse(imei).success)
      throw new ApiProblem("invalid_request", "imei: must be 14 to 17 digits");
  }
  return asked;
}

const isFilter = (name: string | undefined): name is OldFilter =>
  (OLD_FILTERS as readonly (string | undefined)[]).includes(name);

/** One value, a list of them, or several in a text with commas. */
function valuesOf(field: string, value: unknown): string[] {
  const parts = (Array.isArray(value) ? value : [value]).flatMap((part) => {
    if (part === null || part === undefined) return [];
    if (typeof part === "string") return part.split(",");
    if (typeof part === "number" || typeof part === "boolean") return [String(part)];
    throw new ApiProblem("invalid_request", `${field.slice(0, 60)}: must be text or a list of texts`);
  });
  const values = parts.map((part) => part.trim()).filter((part) => !ANYTHING.has(part.toLowerCase()));
  if (values.length > MOST_VALUES) {
    throw new ApiProblem("invalid_request", `${field.slice(0, 60)}: must be at most ${MOST_VALUES} values`);
  }
  if (!values.every((one) => plainText.safeParse(one).success)) {
    throw new ApiProblem("invalid_request", `${field.slice(0, 60)}: must be plain text`);
  }
  return values;
}
