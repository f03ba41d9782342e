import { vendorTime } from "../clock.ts";

/** JSON fields laid over the vendor's own. */
export type Patch = Record<string, unknown>;

/** What a test changed about one device. */
export interface Override {
  /** Over the items of `location.list` and `location.get`. */
  patch?: Patch;
  /** Over the answer of `track.device.detail`. */
  detailPatch?: Patch;
  /** Over the item of `device.list`. */
  listPatch?: Patch;
  omitFromLocationList?: boolean;
  /** Gone from all lists; asking for it is illegal. */
  removed?: boolean;
  /** The account it moved to. */
  account?: string;
  /** How far the device's own clock is off; the platform's are right. */
  clockOffsetS?: number;
}

/**
 * Lays a patch over an item. `{"$fromNowS": n}` becomes the vendor's text of the instant n seconds from real now,
 * so that a clock from 2019 or 47 hours ahead can be injected once and stays so.
 */
export function patched(item: Patch, patch: Patch | undefined): Patch {
  if (patch === undefined) return item;
  const values = Object.entries(patch).map(([key, value]) => [
    key,
    isFromNow(value) ? fromNow(value) : value,
  ]);
  return { ...item, ...Object.fromEntries(values) };
}

const isFromNow = (value: unknown): value is { $fromNowS: number } =>
  typeof value === "object" && value !== null && "$fromNowS" in value && typeof value.$fromNowS === "number";

const fromNow = ({ $fromNowS }: { $fromNowS: number }): string => vendorTime(Date.now() + $fromNowS * 1000);
