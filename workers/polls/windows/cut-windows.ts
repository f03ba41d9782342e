import type { Span } from "../../../shared/jimi/methods.ts";
import type { WindowedJob } from "./window.ts";

/** A vehicle and what is missing of it. */
export interface DueVehicle extends Span {
  imei: string;
  account: string | null;
}

/** A window that has yet to get its number. */
export interface CutWindow extends Span {
  account: string | null;
  imeis: string[];
}

/**
 * Cuts what is missing into windows, the oldest first: vehicles of which the same is missing go together, as many as a
 * window takes, and long spans are cut into as long ones as the vendor answers.
 */
export function cutWindows(
  { spanS, vehiclesPerWindow, byAccount }: Pick<WindowedJob, "spanS" | "vehiclesPerWindow" | "byAccount">,
  due: DueVehicle[],
): CutWindow[] {
  const alike = Map.groupBy(
    // A method that wants an account cannot be asked for a vehicle without one.
    due.filter(({ account, fromMs, toMs }) => fromMs < toMs && !(byAccount && account === null)),
    ({ account, fromMs, toMs }) => `${byAccount ? account : ""} ${fromMs} ${toMs}`,
  );
  const windows: CutWindow[] = [];
  for (const vehicles of alike.values()) {
    const [{ account, fromMs, toMs }] = vehicles as [DueVehicle];
    for (let start = 0; start < vehicles.length; start += vehiclesPerWindow) {
      const imeis = vehicles.slice(start, start + vehiclesPerWindow).map(({ imei }) => imei);
      for (let atMs = fromMs; atMs < toMs; atMs += spanS * 1000) {
        const untilMs = Math.min(toMs, atMs + spanS * 1000);
        windows.push({ account: byAccount ? account : null, imeis, fromMs: atMs, toMs: untilMs });
      }
    }
  }
  return windows.sort((a, b) => a.fromMs - b.fromMs);
}
