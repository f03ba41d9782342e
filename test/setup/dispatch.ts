import type postgres from "postgres";

const HOUR_MS = 3_600_000;
const M_PER_DEG = 111_320;

/** A number, a driver and a note that would be elements, were they not text. */
export const HOSTILE = '<img src=x onerror="document.title=1">';

const NAIROBI = { lat: -1.2921, lng: 36.8219 };

/** So far from the middle of the city. */
const place = (eastKm: number, northKm: number) => ({
  lat: NAIROBI.lat + (northKm * 1000) / M_PER_DEG,
  lng: NAIROBI.lng + (eastKm * 1000) / M_PER_DEG,
});

interface Vehicle {
  imei: string;
  plate: string | null;
  driver: string;
  at: { lat: number; lng: number };
  speedKmh: number;
  ignition: boolean;
  /** Age of its newest fix and contact. */
  ageS: number;
}

const vehicle = (n: number, driver: string, at: Vehicle["at"], speedKmh: number, ageS = 40): Vehicle => ({
  imei: `8690000000000${String(n).padStart(2, "0")}`,
  plate: n === 7 ? null : `KD${"ABCDEFGH"[n]} ${204 + n}${"KLMNPQRS"[n]}`,
  ...{ driver, at, speedKmh, ignition: speedKmh > 0 || n % 2 === 0, ageS },
});

/** Who may be sent. */
export const DISPATCH_VEHICLES: readonly Vehicle[] = [
  vehicle(0, "Achieng Otieno", place(-2.1, 3.1), 34),
  vehicle(1, "Barasa Kamau", place(-1.2, 1.4), 0),
  vehicle(2, "Chebet Wanjiru", place(1.8, 0.6), 0),
  vehicle(3, "Didi Mwangi", place(3.6, -1.9), 52),
  vehicle(4, "Evans Kiptoo", place(-4.4, -2.2), 21, 300),
  vehicle(5, "Faraja Njeri", place(6.2, 4.4), 0, 7_200),
  vehicle(6, "Gitau Mutua", place(0.4, -5.2), 45),
  vehicle(7, HOSTILE, place(-6.8, 1.9), 0, 40 * 3_600),
];

/** What tickets are put in: their number in the order of time, hours ago that they were opened, and what became of them. */
interface TicketRow {
  number: string;
  openedH: number;
  at: { lat: number; lng: number } | null;
  area: string | null;
  priority: string | null;
  state: string;
  dueH?: number;
  resolvedH?: number;
  imei?: string;
  driver?: string;
}

const [van, truck, car, bike] = DISPATCH_VEHICLES.map(({ imei }) => imei);

/** Open and resolved ones, of all standings. Hours are before now, so that every one of them lies in the middle of its hour. */
export const INCIDENTS: readonly TicketRow[] = [
  {
    number: "INC-20481",
    openedH: 6.5,
    at: place(-2, 3),
    area: "Westlands",
    priority: "P2",
    state: "Assigned",
    dueH: 2.5,
    driver: "achieng otieno",
  },
  {
    number: "INC-20482",
    openedH: 3.5,
    at: place(1.9, 0.7),
    area: "Eastleigh",
    priority: "P1",
    state: "On site",
    dueH: -2.5,
    imei: String(car),
  },
  {
    number: "INC-20483",
    openedH: 2.5,
    at: place(-4, -3),
    area: "Karen",
    priority: "P3",
    state: "New",
    dueH: -5.5,
  },
  { number: "INC-20484", openedH: 1.5, at: null, area: "Ngong Road", priority: "P2", state: "New" },
  {
    number: "INC-20485",
    openedH: 30.5,
    at: place(4, -2),
    area: "Industrial Area",
    priority: "P1",
    state: "Assigned",
    dueH: 20.5,
    imei: String(bike),
  },
  {
    number: HOSTILE,
    openedH: 0.5,
    at: place(0.3, -4.8),
    area: HOSTILE,
    priority: null,
    state: "New",
    dueH: -1.5,
    driver: HOSTILE,
  },
  {
    number: "INC-20401",
    openedH: 50.5,
    at: place(-1.1, 1.5),
    area: "Kilimani",
    priority: "P2",
    state: "Closed",
    dueH: 46.5,
    resolvedH: 47.5,
    imei: String(truck),
  },
  {
    number: "INC-20402",
    openedH: 52.5,
    at: place(2.4, 2.8),
    area: "Parklands",
    priority: "P3",
    state: "Closed",
    dueH: 44.5,
    resolvedH: 48.5,
    imei: String(van),
  },
  {
    number: "INC-20403",
    openedH: 60.5,
    at: place(5.1, 1.2),
    area: "Umoja",
    priority: "P3",
    state: "Closed",
    resolvedH: 40.5,
  },
];

const CHANGE_REQUESTS: readonly TicketRow[] = [
  {
    number: "CRQ-7710",
    openedH: 20.5,
    at: place(-3.2, -0.4),
    area: "Lavington",
    priority: "P3",
    state: "Planned",
    dueH: -30.5,
    driver: "Barasa Kamau",
  },
  { number: "CRQ-7711", openedH: 10.5, at: null, area: "Thika", priority: null, state: "New" },
];

/** Puts the vehicles, where they are and were, and the tickets into the database, past the writer. @returns as of when */
export async function fillDispatch(sql: postgres.Sql): Promise<number> {
  const nowMs = Date.now();
  const ago = (hours: number) => new Date(nowMs - hours * HOUR_MS);
  for (const { imei, plate, driver, at, speedKmh, ignition, ageS } of DISPATCH_VEHICLES) {
    const seen = new Date(nowMs - ageS * 1000);
    await sql`
      insert into tracksolid.devices (imei, account, device_name, plate, driver_name, city, facts_at, created_at, changed_at)
      values (${imei}, 'fireside', ${plate ?? HOSTILE}, ${plate}, ${driver}, 'Nairobi', now(), now(), now())`;
    await sql`
      insert into tracksolid.driver_assignments (imei, valid_from, driver_name, source)
      values (${imei}, '2026-02-01T00:00:00Z', ${driver}, 'own')`;
    await sql`
      insert into tracksolid.live_positions (imei, fix_at, fix_received_at, lat, lng, speed_kmh, contact_at, contact_received_at,
        online, ignition, changed_at)
      values (${imei}, ${seen}, ${seen}, ${at.lat}, ${at.lng}, ${speedKmh}, ${seen}, ${seen}, true, ${ignition}, ${seen})`;
  }
  // The car has stood at its open ticket for an hour; the truck was at its own in time, with a gap; the van went elsewhere.
  await stand(String(car), 1.9, 1.5, 0.02, place(1.9, 0.7));
  await stand(String(truck), 49.5, 48.9, 0.03, place(-1.1, 1.5));
  await stand(String(truck), 48.5, 48.2, 0.03, place(-1.1, 1.5));
  await stand(String(truck), 48.1, 47.6, 2, place(-1.1, 1.5));
  await stand(String(van), 51.5, 50.5, 0.6, place(2.4, 2.8));
  await stand(String(bike), 25.5, 24.5, 0.4, place(4, -2));
  await putTickets("incidents", INCIDENTS);
  await putTickets("change_requests", CHANGE_REQUESTS);
  return nowMs;

  async function stand(
    imei: string,
    fromH: number,
    toH: number,
    northKm: number,
    at: { lat: number; lng: number },
  ) {
    await sql`
      insert into tracksolid.position_history (imei, gps_time, lat, lng, speed_kmh, ignition, pos_type, source, sources, received_at)
      select ${imei}, at, ${at.lat + (northKm * 1000) / M_PER_DEG}, ${at.lng}, 0, true, 'GPS', 'poll', 1, at
      from generate_series(${ago(fromH)}::timestamptz, ${ago(toH)}::timestamptz, interval '1 minute') at`;
  }

  async function putTickets(table: string, rows: readonly TicketRow[]) {
    for (const { number, openedH, at, area, priority, state, dueH, resolvedH, imei, driver } of rows) {
      const due = dueH === undefined ? null : ago(dueH);
      const resolved = resolvedH === undefined ? null : ago(resolvedH);
      await sql`
        insert into ${sql(`tickets.${table}`)} ${sql({
          ...{
            number,
            state,
            priority,
            area,
            lat: at?.lat ?? null,
            lng: at?.lng ?? null,
            opened_at: ago(openedH),
          },
          ...{ due_at: due, resolved_at: resolved, driver_name: driver ?? null, imei: imei ?? null },
          ...{ raw: "{}", told_at: ago(openedH) },
        })}`;
    }
  }
}
