import { expect, it } from "vitest";
import type { PositionFacts } from "../../shared/live/facts.ts";
import { judge } from "../../shared/live/status.ts";
import { settings } from "../../shared/settings.ts";
import { judge as judgeInClient } from "../../web/client/status.js";

const NOW_MS = Date.UTC(2026, 10, 20, 12);
const ago = (seconds: number | null) =>
  seconds === null ? null : new Date(NOW_MS - seconds * 1000).toISOString();
const { staleAfterS, silentAfterS, movingAboveKmh } = settings;

/** Both sides of every edge, on it, and far from it. */
const AGES_S = [
  null,
  -60,
  0,
  staleAfterS - 1,
  staleAfterS,
  staleAfterS + 1,
  silentAfterS - 1,
  silentAfterS,
  silentAfterS + 1,
];
const SPEEDS_KMH = [null, 0, movingAboveKmh, movingAboveKmh + 0.01, 80];
const IGNITIONS = [null, true, false];
const MOMENTS_MS = [0, 1, 999, 1000];

it("judges as the server does", () => {
  const seen = new Set<string>();
  for (const fixAge of AGES_S) {
    for (const contactAge of AGES_S) {
      for (const speedKmh of SPEEDS_KMH) {
        for (const ignition of IGNITIONS) {
          for (const moment of MOMENTS_MS) {
            const vehicle = { fixAt: ago(fixAge), contactAt: ago(contactAge), speedKmh, ignition };
            const { status } = judge(vehicle as PositionFacts, NOW_MS + moment, settings);
            const said = judgeInClient(vehicle, NOW_MS + moment, settings);
            if (said !== status) expect({ ...vehicle, moment, said }).toEqual({ status });
            seen.add(status);
          }
        }
      }
    }
  }
  expect([...seen].sort()).toEqual(["idling", "moving", "parked", "silent", "unknown"]);
});
