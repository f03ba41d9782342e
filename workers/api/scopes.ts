import type { Scope } from "../../shared/access.ts";

/** Methods that change nothing. */
const READING = ["GET", "HEAD"];

/** Which scope a path asks for, with everything below it; `*` is any one segment. What is in no row is read with `read`. */
const DOORS: { path: string; scope: Scope; isRead?: true }[] = [
  // What shows or moves the ingest's own bookkeeping.
  { path: "/v1/receipts", scope: "admin" },
  { path: "/v1/ledger", scope: "admin" },
  { path: "/v1/pushes", scope: "admin" },
  { path: "/v1/jobs", scope: "admin" },
  { path: "/v1/alerts", scope: "admin" },
  { path: "/v1/metrics", scope: "admin" },
  { path: "/v1/parked", scope: "admin" },
  { path: "/v1/dead-letters", scope: "admin" },
  { path: "/v1/rejected", scope: "admin" },
  { path: "/v1/replay", scope: "admin" },
  { path: "/v1/vehicles/*/refresh", scope: "admin" },
  { path: "/v1/vendor", scope: "admin" },
  // What analysts asked.
  { path: "/v1/audit", scope: "admin" },
  // What everybody with a key reads, and few change.
  { path: "/v1/geofences", scope: "geofences:write", isRead: true },
  { path: "/v1/tickets", scope: "tickets:write", isRead: true },
  { path: "/v1/insights/context", scope: "insights:write", isRead: true },
];

const doors = DOORS.map(({ path, ...door }) => ({ ...door, wanted: path.split("/") }));

/** The scope that a request needs. */
export function scopeOf(method: string, path: string): Scope {
  const segments = path.split("/");
  const door = doors.find(({ wanted }) => wanted.every((part, at) => isLike(part, segments[at])));
  return door === undefined || (door.isRead && READING.includes(method)) ? "read" : door.scope;
}

function isLike(wanted: string, segment: string | undefined): boolean {
  return wanted === "*" ? segment !== undefined : segment === wanted;
}
