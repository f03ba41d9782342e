import type { Facts, FactsPage, PositionFacts, RegistryFacts } from "../../shared/live/facts.ts";
import { judge, type Status, type Thresholds } from "../../shared/live/status.ts";

/** A vehicle of the mirror: a row of each table, and the versions in which clients saw it change. */
export interface Vehicle {
  imei: string;
  registry: RegistryFacts | null;
  position: PositionFacts | null;
  status: Status;
  /** Version in which anything of it last changed for clients. */
  changedIn: number;
  /** Version in which its registry half did. */
  registryIn: number;
  /** Which {@link Fleet.take} each half came with: later than a read began, it may be newer than the read. */
  taken: { registry: number; position: number };
}

/** A vehicle that clients see. */
export type ShownVehicle = Vehicle & { registry: RegistryFacts };

/** The mirror as it is stored: one vehicle each, without what follows from the facts. */
export type StoredVehicle = Pick<Vehicle, "registry" | "position" | "status" | "changedIn" | "registryIn">;

/**
 * The mirror of the two tables, and its version: a number that grows by one with every change that a client
 * can see. Pure but for itself: it knows neither storage nor clock.
 *
 * Rows may come twice, late and out of order: of two rows of a key the one changed later wins.
 */
export class Fleet {
  readonly #thresholds: Thresholds;
  readonly #onVersion: () => void;
  readonly #vehicles = new Map<string, Vehicle>();
  #sorted: Vehicle[] | null = null;
  #version = 0;
  #flipsAtMs = Infinity;
  #takes = 0;
  #counts = { registries: 0, positions: 0 };
  /** Whether the change under way is one that clients see. */
  #changed = false;

  /** @param onVersion Called with every new version, once it stands. */
  constructor(thresholds: Thresholds, onVersion: () => void) {
    this.#thresholds = thresholds;
    this.#onVersion = onVersion;
  }

  /** Restores what {@link stored} gave. */
  restore(version: number, vehicles: StoredVehicle[]): void {
    for (const kept of vehicles) {
      const imei = kept.registry?.imei ?? kept.position?.imei;
      if (imei !== undefined)
        this.#vehicles.set(imei, { imei, ...kept, taken: { registry: 0, position: 0 } });
    }
    this.#version = version;
    // Time has gone on since: every status is to be judged anew.
    this.#flipsAtMs = 0;
    this.#count();
  }

  stored(): StoredVehicle[] {
    return this.#inOrder()
      .filter(({ registry, position }) => registry !== null || position !== null)
      .map(({ imei: _, taken: __, ...kept }) => kept);
  }

  get version(): number {
    return this.#version;
  }

  /** When time alone will next change a status, ms since the epoch. */
  get flipsAtMs(): number {
    return this.#flipsAtMs;
  }

  /** Whether it remembers vehicles of which no row is left. */
  get hasGone(): boolean {
    return this.#inOrder().some(({ registry, position }) => registry === null && position === null);
  }

  /** Rows mirrored. */
  get counts(): { registries: number; positions: number } {
    return this.#counts;
  }

  /** Every vehicle that clients see, by IMEI. */
  shown(): ShownVehicle[] {
    return this.#inOrder().filter(isShown);
  }

  /** Time of the newest fix of a device, shown or not; null without one. */
  fixAtMs(imei: string): number | null {
    const fixAt = this.#vehicles.get(imei)?.position?.fixAt;
    return fixAt ? Date.parse(fixAt) : null;
  }

  /** Vehicles that changed after a version, gone ones included. */
  changedSince(version: number): Vehicle[] {
    return this.#inOrder().filter(({ changedIn }) => changedIn > version);
  }

  /** Takes rows. */
  take(facts: Facts, atMs: number): void {
    this.#takes += 1;
    this.#change(atMs, () => this.#merge(facts, -1));
  }

  /** To be remembered when a read begins: what is taken from then on may be newer than what it finds. */
  get takes(): number {
    return this.#takes;
  }

  /**
   * Takes a page as the whole truth about the IMEIs after `after` up to its end, but for what was taken since its
   * read began: it replaces what it differs from, and what it lacks is gone.
   * @param readFrom {@link takes} when the read began.
   */
  takeWhole(page: FactsPage, after: string, readFrom: number, atMs: number): void {
    // A reading that was given up may come in after the one that followed it.
    this.#takes += 1;
    this.#change(atMs, () => {
      this.#merge(page, readFrom);
      const registries = new Set(page.registries.map(({ imei }) => imei));
      const positions = new Set(page.positions.map(({ imei }) => imei));
      for (const vehicle of this.#vehicles.values()) {
        const { imei, taken } = vehicle;
        if (imei <= after || (page.next !== null && imei > page.next)) continue;
        const keepsRegistry = registries.has(imei) || taken.registry > readFrom;
        const keepsPosition = positions.has(imei) || taken.position > readFrom;
        this.#set(vehicle, keepsRegistry ? vehicle.registry : null, keepsPosition ? vehicle.position : null);
      }
    });
  }

  /** Judges every vehicle anew, where time alone has changed a status. */
  settle(atMs: number): void {
    if (atMs >= this.#flipsAtMs) this.#change(atMs, () => {});
  }

  /** Begins a new version although no vehicle changed. */
  bump(): void {
    this.#version += 1;
    this.#onVersion();
  }

  /** All changes of `act`, with the statuses at an instant, are one version. */
  #change(atMs: number, act: () => void): void {
    this.#changed = false;
    act();
    this.#flipsAtMs = Infinity;
    for (const vehicle of this.#vehicles.values()) {
      if (!isShown(vehicle)) continue;
      const { status, flipsAtMs } = judge(vehicle.position, atMs, this.#thresholds);
      if (status !== vehicle.status) {
        vehicle.status = status;
        this.#mark(vehicle);
      }
      this.#flipsAtMs = Math.min(this.#flipsAtMs, flipsAtMs);
    }
    this.#count();
    if (this.#changed) this.bump();
  }

  /** @param readFrom Rows taken before it give way whatever they say of themselves. */
  #merge({ registries, positions }: Facts, readFrom: number): void {
    for (const row of registries) {
      const vehicle = this.#vehicle(row.imei);
      if (!isOlder(row, vehicle.registry) || vehicle.taken.registry <= readFrom) {
        vehicle.taken.registry = this.#takes;
        this.#set(vehicle, row, vehicle.position);
      }
    }
    for (const row of positions) {
      const vehicle = this.#vehicle(row.imei);
      if (!isOlder(row, vehicle.position) || vehicle.taken.position <= readFrom) {
        vehicle.taken.position = this.#takes;
        this.#set(vehicle, vehicle.registry, row);
      }
    }
  }

  #set(vehicle: Vehicle, registry: RegistryFacts | null, position: PositionFacts | null): void {
    const wasShown = isShown(vehicle);
    const registryChanged = !saysTheSame(vehicle.registry, registry);
    const positionChanged = !saysTheSame(vehicle.position, position);
    vehicle.registry = registry;
    vehicle.position = position;
    if (!wasShown && !isShown(vehicle)) return;
    if (registryChanged || wasShown !== isShown(vehicle)) vehicle.registryIn = this.#version + 1;
    if (registryChanged || positionChanged) this.#mark(vehicle);
  }

  #mark(vehicle: Vehicle): void {
    vehicle.changedIn = this.#version + 1;
    this.#changed = true;
  }

  #vehicle(imei: string): Vehicle {
    const known = this.#vehicles.get(imei);
    if (known) return known;
    const vehicle: Vehicle = {
      imei,
      registry: null,
      position: null,
      status: "unknown",
      changedIn: 0,
      registryIn: 0,
      taken: { registry: 0, position: 0 },
    };
    this.#vehicles.set(imei, vehicle);
    this.#sorted = null;
    return vehicle;
  }

  #inOrder(): Vehicle[] {
    this.#sorted ??= [...this.#vehicles.values()].sort((a, b) => (a.imei < b.imei ? -1 : 1));
    return this.#sorted;
  }

  #count(): void {
    let registries = 0;
    let positions = 0;
    for (const { registry, position } of this.#vehicles.values()) {
      if (registry) registries += 1;
      if (position) positions += 1;
    }
    this.#counts = { registries, positions };
  }
}

const isShown = (vehicle: Vehicle): vehicle is ShownVehicle => vehicle.registry?.shown === true;

/** Whether a row was changed before the known one. */
const isOlder = (row: { changedAt: string }, known: { changedAt: string } | null) =>
  known !== null && row.changedAt < known.changedAt;

/** Whether the new row `b` differs from the known one in nothing but the time of its change. */
function saysTheSame(
  a: RegistryFacts | PositionFacts | null,
  b: RegistryFacts | PositionFacts | null,
): boolean {
  if (a === null || b === null) return a === b;
  const known = a as unknown as Record<string, unknown>;
  return Object.entries(b).every(([name, value]) => name === "changedAt" || value === known[name]);
}
