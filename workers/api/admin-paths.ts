import type { Scope } from "../../shared/access.ts";

/** What shows or moves the ingest's own bookkeeping, with everything below it; `*` is any one segment. */
const ADMIN_PATHS = [
  "/v1/receipts",
  "/v1/ledger",
  "/v1/jobs",
  "/v1/parked",
  "/v1/dead-letters",
  "/v1/rejected",
  "/v1/replay",
  "/v1/vehicles/*/refresh",
].map((path) => path.split("/"));

/** What people write through the API: method and path, and the scope that it asks for. */
const WRITES: Record<string, Scope> = { "POST /v1/insights/context": "insights:write" };

/** The scope that a request asks for. */
export function scopeOf(method: string, path: string): Scope {
  return WRITES[`${method} ${path}`] ?? (isForAdmins(path) ? "admin" : "read");
}

/** Whether a path asks for the scope `admin`. */
function isForAdmins(path: string): boolean {
  const segments = path.split("/");
  return ADMIN_PATHS.some((admins) => admins.every((wanted, at) => isLike(wanted, segments[at])));
}

function isLike(wanted: string, segment: string | undefined): boolean {
  return wanted === "*" ? segment !== undefined : segment === wanted;
}
