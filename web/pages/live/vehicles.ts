// The live fleet as the page shows it: ordered, searched, filtered by what the URL says.

import { computed, type ReadonlySignal } from "@preact/signals";
import type { LiveVehicle } from "../../client/index.js";
import { knownStatus, STATUS_ORDER, type Status } from "../../parts/badge.tsx";
import { labelOf } from "../../parts/vehicle-names.ts";
import { vehicles } from "../../shell/fleet.ts";
import { query } from "../../shell/url.ts";

/** Filters over a text of the registry, by their words in the URL. */
export const FACETS = { city: "city", account: "account", type: "vehicleType" } as const;

export type Facet = keyof typeof FACETS;

const names = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** A vehicle is never changed, so what was made of one holds as long as it does. */
const haystacks = new WeakMap<LiveVehicle, string>();

function haystackOf(vehicle: LiveVehicle): string {
  let text = haystacks.get(vehicle);
  if (text === undefined) {
    const { plate, name, driver, imei } = vehicle;
    text = [plate, name, driver, imei].join(" ").toLowerCase();
    haystacks.set(vehicle, text);
  }
  return text;
}

/** Places in the order of names. Comparing names is dear and they seldom change: only then all are compared. */
let ranks = new Map<string, { label: string; rank: number }>();

function ranked(all: ReadonlyMap<string, LiveVehicle>): typeof ranks {
  let isSame = ranks.size === all.size;
  for (const vehicle of all.values()) {
    if (!isSame) break;
    isSame = ranks.get(vehicle.imei)?.label === labelOf(vehicle);
  }
  if (isSame) return ranks;
  const nameless = ({ plate, name }: LiveVehicle) => Number(!plate && !name);
  const sorted = [...all.values()].sort(
    (a, b) => nameless(a) - nameless(b) || names.compare(labelOf(a), labelOf(b)),
  );
  ranks = new Map(sorted.map((vehicle, rank) => [vehicle.imei, { label: labelOf(vehicle), rank }]));
  return ranks;
}

/** By status, then name. */
const ordered = computed(() => {
  const rankOf = ranked(vehicles.value);
  const groups = new Map<Status, LiveVehicle[]>(STATUS_ORDER.map((status) => [status, []]));
  for (const vehicle of vehicles.value.values()) groups.get(knownStatus(vehicle.status))?.push(vehicle);
  const rank = ({ imei }: LiveVehicle) => rankOf.get(imei)?.rank ?? 0;
  return [...groups.values()].flatMap((group) => group.sort((a, b) => rank(a) - rank(b)));
});

/** Statuses that are chosen; none: all of them. */
export const chosenStatuses: ReadonlySignal<readonly Status[]> = computed(() => {
  const words = (query.value.status ?? "").split(",");
  return STATUS_ORDER.filter((status) => words.includes(status));
});

/** Those that all filters but the one for the status let through. */
const matching = computed(() => {
  const words = (query.value.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const facets = (Object.keys(FACETS) as Facet[]).flatMap((facet) => {
    const wanted = query.value[facet];
    return wanted === undefined ? [] : [{ property: FACETS[facet], wanted }];
  });
  if (words.length === 0 && facets.length === 0) return ordered.value;
  return ordered.value.filter(
    (vehicle) =>
      facets.every(({ property, wanted }) => vehicle[property] === wanted) &&
      words.every((word) => haystackOf(vehicle).includes(word)),
  );
});

/** What is shown, in the list and on the map. */
export const shown: ReadonlySignal<readonly LiveVehicle[]> = computed(() => {
  const statuses = chosenStatuses.value;
  if (statuses.length === 0) return matching.value;
  return matching.value.filter(({ status }) => statuses.includes(knownStatus(status)));
});

/** How many there are of each status. */
export const counts: ReadonlySignal<Readonly<Record<Status, number>>> = computed(() => {
  const counted = Object.fromEntries(STATUS_ORDER.map((status) => [status, 0])) as Record<Status, number>;
  for (const { status } of matching.value) counted[knownStatus(status)] += 1;
  return counted;
});

/** What can be chosen of a filter, with how many vehicles there are of each. */
export const facetValues: ReadonlySignal<Readonly<Record<Facet, readonly [value: string, count: number][]>>> =
  computed(() => {
    const counted = new Map<Facet, Map<string, number>>();
    for (const facet of Object.keys(FACETS) as Facet[]) {
      const values = new Map<string, number>();
      for (const vehicle of vehicles.value.values()) {
        const value = vehicle[FACETS[facet]];
        if (value) values.set(value, (values.get(value) ?? 0) + 1);
      }
      counted.set(facet, values);
    }
    const sorted = (facet: Facet) => [...(counted.get(facet) ?? [])].sort(([a], [b]) => names.compare(a, b));
    return { city: sorted("city"), account: sorted("account"), type: sorted("type") };
  });

/** Whether any filter hides vehicles. */
export const isFiltered: ReadonlySignal<boolean> = computed(() => shown.value.length < vehicles.value.size);
