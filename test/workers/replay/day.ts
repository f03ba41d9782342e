import type { Message, MessageKind } from "../../../shared/message.ts";
import { locationItem, messageOf, newImei } from "../writer/deliver.ts";

/** The vehicles of a day: each shows something else. */
export const newFleet = () => Array.from({ length: 5 }, newImei);

const POLL_EVERY_MIN = 10;
const PER_BATCH = 6;

/**
 * What the vendor sends of a fleet on a day: polls every ten minutes, lists, details, pushes. In order of receipt.
 * @param padding characters that each poll holds beside what anybody reads, so that the day is of several pieces
 */
export function dayOf(fleet: string[], date: string, padding = 0): Message[] {
  const [driving = "", parked = "", taciturn = "", unseen = "", renamed = ""] = fleet;
  const iso = (minute: number) => new Date(Date.parse(date) + minute * 60_000).toISOString();
  const text = (minute: number) => iso(minute).slice(0, 19).replace("T", " ");
  const message = (kind: MessageKind, minute: number, items: unknown[], rest: Partial<Message> = {}) =>
    messageOf(kind, items, { receivedAt: iso(minute), ...rest });
  const push = { source: "push", account: null } as const;
  const messages: Message[] = [];
  for (let minute = 1; minute < 24 * 60; minute += POLL_EVERY_MIN) {
    const poll = minute / POLL_EVERY_MIN;
    const fix = { gpsTime: text(minute - 1), hbTime: text(minute - 0.5), lat: -1 - poll / 1_000 };
    const odometerKm = String(15_000 + poll);
    messages.push(
      message("location", minute, [
        locationItem(driving, { ...fix, currentMileage: odometerKm, locDesc: "x".repeat(padding) }),
        // Its fix is that of hour 3 from then on, its heartbeat goes on.
        locationItem(parked, {
          ...fix,
          gpsTime: text(Math.min(minute - 1, 180)),
          lat: -2,
          currentMileage: "800.5",
        }),
        locationItem(taciturn, { ...fix, currentMileage: poll % 3 < 1 ? odometerKm : null }),
        // Heard of every hour; the vendor flips `online` without a new heartbeat.
        locationItem(unseen, {
          ...{ lat: null, lng: null, gpsTime: null },
          hbTime: text(minute - (minute % 60)),
          status: poll % 4 < 2 ? "1" : "0",
        }),
        locationItem(renamed, {
          ...fix,
          currentMileage: odometerKm,
          deviceName: minute < 720 ? "KDA 001A" : "KDA 001A (Juma)",
        }),
      ]),
    );
    const pushed = (deviceImei: string, gpsTime: string) => ({
      ...{ deviceImei, gpsTime, gateTime: gpsTime, lat: -1 - poll / 1_000, lng: 36.8, satelliteNum: 9 },
      ...{ gpsMode: 0, gpsSpeed: 41, direction: 186, acc: 1, postType: 1, altitude: 1_661 },
      distance: 1_000 * (15_000 + poll),
    });
    // One between the polls, and one that the poll above told already.
    messages.push(
      message("pushgps", minute + 1, [pushed(driving, text(minute - 1))], push),
      message("pushgps", minute + 5, [pushed(driving, text(minute + 5))], push),
    );
  }
  const listed = fleet.map((imei) => ({ imei, deviceName: "KDA 001A", mcType: "GT06N", sim: "0700000001" }));
  messages.push(
    message("device", 363, listed),
    ...fleet.map((imei, at) =>
      message("device_detail", 483 + at / 10, [
        { imei, driverName: "Juma", currentMileage: "15048.5", fuel_100km: "9" },
      ]),
    ),
    message("device", 1_203, listed),
  );
  return messages.sort((a, b) => a.receivedAt.localeCompare(b.receivedAt));
}

/** Messages as they are delivered, in batches. */
export function inBatches(messages: Message[]): Message[][] {
  const batches: Message[][] = [];
  for (let at = 0; at < messages.length; at += PER_BATCH) batches.push(messages.slice(at, at + PER_BATCH));
  return batches;
}

/** The same, but some come hours after they were received. */
export function outOfOrder(messages: Message[]): Message[][] {
  const isLate = (_: unknown, at: number) => at % 19 === 18;
  const onTime = messages.filter((message, at) => !isLate(message, at));
  const batches = inBatches(onTime);
  for (const [number, late] of messages.filter(isLate).entries()) {
    const after = batches.findIndex((batch) => (batch[0]?.receivedAt ?? "") > late.receivedAt);
    batches.splice(after < 0 ? batches.length : Math.min(batches.length, after + 1 + number), 0, [late]);
  }
  return batches;
}
