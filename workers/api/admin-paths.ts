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

/** Whether a path asks for the scope `admin`. */
export function isForAdmins(path: string): boolean {
  const segments = path.split("/");
  return ADMIN_PATHS.some((admins) => admins.every((wanted, at) => isLike(wanted, segments[at])));
}

function isLike(wanted: string, segment: string | undefined): boolean {
  return wanted === "*" ? segment !== undefined : segment === wanted;
}
