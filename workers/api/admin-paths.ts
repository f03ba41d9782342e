/** What shows or moves the ingest's own bookkeeping, with everything below it. */
const ADMIN_PATHS = [
  "/v1/receipts",
  "/v1/ledger",
  "/v1/parked",
  "/v1/dead-letters",
  "/v1/rejected",
  "/v1/replay",
];

/** Whether a path asks for the scope `admin`. */
export function isForAdmins(path: string): boolean {
  return ADMIN_PATHS.some((admins) => path === admins || path.startsWith(`${admins}/`));
}
