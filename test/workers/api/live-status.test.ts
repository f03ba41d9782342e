import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { query, reader } from "./caller.ts";
import { addVehicle, imeis, type LiveRow, unique } from "./fleet.ts";

/** The clock of the Worker stands still here, so that every edge is exact. */
const NOW_MS = Date.UTC(2031, 4, 1, 12, 0, 0);
const before = (seconds: number) => new Date(NOW_MS - seconds * 1000).toISOString();

const MINUTE = 60;
const HOUR = 3_600;

const account = unique("status");
const cases: [what: string, status: string, live?: LiveRow][] = [
  ["never heard of", "unknown"],
  ["heard of, but never a fix", "unknown", { contact_at: before(5), ignition: true }],
  ["driving", "moving", { fix_at: before(5), speed_kmh: 60, ignition: true, contact_at: before(5) }],
  ["just over 3 km/h", "moving", { fix_at: before(5), speed_kmh: 3.01, ignition: true }],
  ["3 km/h, ignition on", "idling", { fix_at: before(5), speed_kmh: 3, ignition: true }],
  ["3 km/h, ignition off", "parked", { fix_at: before(5), speed_kmh: 3, ignition: false }],
  ["3 km/h, ignition unknown", "parked", { fix_at: before(5), speed_kmh: 3, ignition: null }],
  ["driving without an ignition wire", "moving", { fix_at: before(5), speed_kmh: 60, ignition: null }],
  ["driving although the ignition says off", "moving", { fix_at: before(5), speed_kmh: 60, ignition: false }],
  ["driving, fix 10 min old", "moving", { fix_at: before(10 * MINUTE), speed_kmh: 60, ignition: true }],
  [
    "driving, not heard of for over 10 min",
    "unknown",
    { fix_at: before(10 * MINUTE + 1), speed_kmh: 60, ignition: true, contact_at: before(10 * MINUTE + 1) },
  ],
  [
    "driving without a wire, then not heard of",
    "unknown",
    { fix_at: before(10 * MINUTE + 1), speed_kmh: 60, ignition: null },
  ],
  [
    "driving, then in contact but without a fix",
    "unknown",
    { fix_at: before(11 * MINUTE), speed_kmh: 60, ignition: true, contact_at: before(5) },
  ],
  [
    "driving, then parked without a fix",
    "parked",
    { fix_at: before(11 * MINUTE), speed_kmh: 60, ignition: false, contact_at: before(5) },
  ],
  [
    "standing, ignition on, heard of 10 min ago",
    "idling",
    { fix_at: before(HOUR), speed_kmh: 0, ignition: true, contact_at: before(10 * MINUTE) },
  ],
  [
    "standing, ignition on, heard of a second earlier",
    "unknown",
    { fix_at: before(HOUR), speed_kmh: 0, ignition: true, contact_at: before(10 * MINUTE + 1) },
  ],
  ["standing, ignition on, not heard of", "unknown", { fix_at: before(HOUR), speed_kmh: 0, ignition: true }],
  ["speed null when parked", "parked", { fix_at: before(5), speed_kmh: null, ignition: false }],
  ["neither speed nor ignition", "parked", { fix_at: before(5), speed_kmh: null, ignition: null }],
  [
    "parked, fix days old, contact fresh",
    "parked",
    { fix_at: before(72 * HOUR), speed_kmh: 0, ignition: false, contact_at: before(MINUTE) },
  ],
  [
    "parked, heard of 24 h ago",
    "parked",
    { fix_at: before(48 * HOUR), speed_kmh: 0, ignition: false, contact_at: before(24 * HOUR) },
  ],
  [
    "parked, heard of a second earlier",
    "silent",
    { fix_at: before(48 * HOUR), speed_kmh: 0, ignition: false, contact_at: before(24 * HOUR + 1) },
  ],
  ["never a heartbeat, fix 24 h ago", "parked", { fix_at: before(24 * HOUR), speed_kmh: 0, ignition: false }],
  [
    "never a heartbeat, fix a second earlier",
    "silent",
    { fix_at: before(24 * HOUR + 1), speed_kmh: 0, ignition: false },
  ],
];
const devices = imeis(cases.length);

let statuses: Map<string, string>;
let get: Awaited<ReturnType<typeof reader>>;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW_MS });
  get = await reader();
  await Promise.all(
    cases.map(([, , live], index) =>
      addVehicle(
        devices[index] ?? "",
        { account },
        live && (live.fix_at ? { lat: 1, lng: 2, ...live } : live),
      ),
    ),
  );
  const response = await get(`/v1/live${query({ account })}`);
  const { asOf, features } = await response.json<{
    asOf: string;
    features: { id: string; properties: { status: string } }[];
  }>();
  expect(asOf).toBe(new Date(NOW_MS).toISOString());
  statuses = new Map(features.map(({ id, properties }) => [id, properties.status]));
});

afterAll(() => {
  vi.useRealTimers();
});

describe("status of a vehicle", () => {
  it.each(cases.map(([what, status], index) => ({ what, status, imei: devices[index] ?? "" })))(
    "$what: $status",
    async ({ status, imei }) => {
      expect(statuses.get(imei)).toBe(status);
      const vehicle = await (await get(`/v1/vehicles/${imei}`)).json<{ status: string }>();
      expect(vehicle.status).toBe(status);
    },
  );

  it.each(["moving", "idling", "parked", "silent", "unknown"])(
    "is what the filter finds: %s",
    async (status) => {
      const response = await get(`/v1/live${query({ account, status })}`);
      const { features } = await response.json<{ features: { id: string }[] }>();
      const expected = devices.filter((_, index) => cases[index]?.[1] === status);
      expect(features.map(({ id }) => id)).toEqual(expected);
    },
  );
});
