/** A path of the earlier system, by the name that `OLD_PATHS` has for it; `{imei}` stands for a vehicle. */
export interface OldPath {
  method: "GET" | "POST";
  path: string;
}

/** Where its routes are unless `OLD_PATHS` says otherwise. docs/compat.md says which are known and which assumed. */
export const OLD_PATHS = {
  "fleet-dashboard": { method: "POST", path: "/webhook/fleet-dashboard" },
  live: { method: "GET", path: "/live" },
  track: { method: "GET", path: "/track/{imei}" },
  trips: { method: "GET", path: "/trips" },
  filters: { method: "GET", path: "/filters" },
  "analytics-filters": { method: "GET", path: "/analytics/filters" },
  "fleet-summary": { method: "GET", path: "/analytics/fleet-summary" },
  utilisation: { method: "GET", path: "/analytics/utilisation" },
  "driver-behaviour": { method: "GET", path: "/analytics/driver-behaviour" },
  fuel: { method: "GET", path: "/analytics/fuel" },
  inc: { method: "GET", path: "/inc" },
  crq: { method: "GET", path: "/crq" },
  "fuel-fills": { method: "GET", path: "/fuel" },
} as const satisfies Record<string, OldPath>;

export type OldName = keyof typeof OLD_PATHS;
