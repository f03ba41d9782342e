// Where a vehicle has been since its track was asked for, as the stream tells it.

import { useEffect, useState } from "preact/hooks";
import type { LiveVehicle } from "../../client/index.js";

interface Point {
  fixAtMs: number;
  at: [lng: number, lat: number];
}

const NOWHERE: readonly [number, number][] = [];

/** @param knownAtMs when what is known already was asked for; null: nothing is */
export function useTail(
  vehicle: LiveVehicle | undefined,
  knownAtMs: number | null,
): readonly [number, number][] {
  const [points, setPoints] = useState<readonly Point[]>([]);
  const [tail, setTail] = useState(NOWHERE);
  const { imei, lng = null, lat = null, fixAt = null } = vehicle ?? {};

  // Another vehicle begins anew.
  useEffect(() => setPoints([]), [imei]);
  useEffect(() => {
    if (lng === null || lat === null || fixAt === null) return;
    const fixAtMs = Date.parse(fixAt);
    setPoints((before) => {
      const last = before.at(-1);
      return last && last.fixAtMs >= fixAtMs ? before : [...before, { fixAtMs, at: [lng, lat] }];
    });
  }, [lng, lat, fixAt]);
  useEffect(() => {
    // One before stays: news may be on their way into the database when the track is read.
    const after = points.filter(({ fixAtMs }) => knownAtMs === null || fixAtMs > knownAtMs - 15_000);
    setTail(after.length === 0 ? NOWHERE : after.map(({ at }) => at));
  }, [points, knownAtMs]);
  return tail;
}
