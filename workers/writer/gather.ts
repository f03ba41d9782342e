import type { AddressRecord, AuditRecord, RunRecord, SweepRecord } from "../../shared/message.ts";
import type { Contact, DeviceFacts, FactRows, Fix } from "../../shared/records.ts";
import { type Place, placesOf } from "../addresses/places.ts";
import { type FactTurns, gatherFacts } from "./facts/gather-facts.ts";
import { fixKey, foldContacts, isNewer, mergeFacts, mergeFixes } from "./merge.ts";
import type { ReadMessage } from "./parse.ts";

/** Rows of one statement each, with every key at most once: two rows of one key in a statement are an error. */
export interface Rows extends FactRows, FactTurns {
  devices: Partial<DeviceFacts>[];
  fixes: Fix[];
  live: LiveRow[];
  rejected: RejectedRow[];
  runs: RunRecord[];
  sweeps: SweepRecord[];
  addresses: AddressRecord[];
  places: Place[];
  audits: AuditRecord[];
}

/** A row of `private.rejected_items`: an item that could not become a record. */
export interface RejectedRow {
  producer: string;
  sequence: number;
  /** Position in its message, from 0. */
  itemNumber: number;
  kind: string;
  account: string | null;
  /** Of the push. */
  path: string | null;
  imei: string | null;
  reason: string;
  detail: string;
  /** As sent, JSON text. */
  item: string;
  receivedAt: string;
}

/** The columns of `live_positions` that a vehicle's newest fix and its contacts say something about. */
type LiveRow = { imei: string } & Partial<LiveFix> & Partial<LiveContact>;
type LiveFix = Pick<
  Fix,
  "lat" | "lng" | "speedKmh" | "headingDeg" | "satellites" | "posType" | "confidence" | "odometerKm"
> & { fixAt: string; fixReceivedAt: string };
type LiveContact = Omit<Contact, "imei" | "receivedAt"> & { contactReceivedAt: string };

/** Gathers the records of a batch into rows. */
export function gather(messages: ReadMessage[]): Rows {
  const devices = new Map<string, DeviceFacts>();
  const fixes = new Map<string, Fix>();
  const newestFix = new Map<string, Fix>();
  const contacts: Contact[] = [];
  const facts: Partial<FactRows>[] = [];
  const rejected: RejectedRow[] = [];
  const runs: RunRecord[] = [];
  const sweeps: SweepRecord[] = [];
  const addresses = new Map<string, AddressRecord>();
  const audits = new Map<string, AuditRecord>();

  for (const { message, items } of messages) {
    const { kind, account, receivedAt } = message;
    const { producer, sequence } = message.id;
    for (const {
      device,
      fix,
      contact,
      facts: told,
      rejection,
      run,
      sweep,
      address,
      audit,
      imei,
      item,
      itemNumber,
    } of items) {
      if (device) devices.set(device.imei, mergeFacts(devices.get(device.imei), device));
      if (fix) {
        const key = fixKey(fix);
        fixes.set(key, mergeFixes(fixes.get(key), fix));
        const known = newestFix.get(fix.imei);
        if (!fix.clockAhead && isNewer(fix.gpsTime, known?.gpsTime)) {
          // As in live.sql: a fix that tells no odometer leaves the one before it standing.
          newestFix.set(fix.imei, { ...fix, odometerKm: fix.odometerKm ?? known?.odometerKm ?? null });
        }
      }
      if (contact) contacts.push(contact);
      if (told) facts.push(told);
      if (run) runs.push(run);
      if (sweep) sweeps.push(sweep);
      if (address && isNewer(address.fetchedAt, addresses.get(address.cell)?.fetchedAt)) {
        addresses.set(address.cell, address);
      }
      if (audit) audits.set(audit.id, audits.get(audit.id) ?? audit);
      if (rejection) {
        const text = JSON.stringify(item) ?? "null";
        const { reason, detail } = rejection;
        rejected.push({
          ...{ producer, sequence, itemNumber, kind, account, imei, reason, detail, item: text },
          ...{ receivedAt, path: message.via?.path ?? null },
        });
      }
    }
  }
  const factRows = gatherFacts(facts);
  return {
    devices: Array.from(devices.values(), withoutNulls),
    fixes: [...fixes.values()],
    live: liveRows(newestFix, foldContacts(contacts)),
    rejected,
    runs,
    sweeps,
    ...factRows,
    addresses: [...addresses.values()],
    places: placesOf(factRows, addresses.keys()),
    audits: [...audits.values()],
  };
}

function liveRows(fixes: Map<string, Fix>, contacts: Map<string, Contact>): LiveRow[] {
  return [...new Set([...fixes.keys(), ...contacts.keys()])].map((imei) => {
    const fix = fixes.get(imei);
    const contact = contacts.get(imei);
    return { imei, ...(fix && liveFix(fix)), ...(contact && liveContact(contact)) };
  });
}

function liveFix(fix: Fix): LiveFix {
  const { gpsTime: fixAt, receivedAt: fixReceivedAt } = fix;
  const { lat, lng, speedKmh, headingDeg, satellites, posType, confidence, odometerKm } = fix;
  return {
    fixAt,
    fixReceivedAt,
    lat,
    lng,
    speedKmh,
    headingDeg,
    satellites,
    posType,
    confidence,
    odometerKm,
  };
}

function liveContact({ imei: _, receivedAt: contactReceivedAt, ...contact }: Contact): LiveContact {
  return { ...contact, contactReceivedAt };
}

/** Most facts of most answers are "not said": they need not travel. */
function withoutNulls(facts: DeviceFacts): Partial<DeviceFacts> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
}
