import { settings } from "../../shared/settings.ts";
import { nowMs, toIso } from "../../shared/time.ts";

/** An address that was told before is asked for again. For `tracksolid.addresses_since`. */
export function addressesSince(): string {
  return toIso(nowMs() - settings.addressTtlS * 1000);
}
