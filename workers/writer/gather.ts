import type { RunRecord, SweepRecord } from "../../shared/message.ts";
import type { Contact, DeviceFacts, Fix } from "../../shared/records.ts";
import type { ReadMessage } from "./parse.ts";

/** Rows of one statement each, with every key at most once: two rows of one key in a statement are an error. */
export interface Rows {
  devices: DeviceFacts[];
  fixes: Fix[];
  live: LiveRow[];
  rejected: RejectedRow[];
  receipts: ReceiptRow[];
  runs: RunRecord[];
  sweeps: SweepRecord[];
}

interface RejectedRow {
  producer: string;
  sequence: number;
  itemNumber: number;
  kind: string;
  account: string | null;
  imei: string | null;
  reason: string;
  detail: string;
  item: string;
  receivedAt: string;
}

interface ReceiptRow {
  producer: string;
  sequence: number;
  receipt: string;
  source: string;
  kind: string;
  account: string | null;
  receivedAt: string;
  items: number;
  rejected: number;
  deliveredAt: string;
  deliveries: number;
}

type LiveRow = { imei: string } & Partial<Omit<Fix, "imei">> &
  Partial<Omit<Contact, "imei">> & {
    fixAt?: string;
    fixReceivedAt?: string;
    contactReceivedAt?: string;
  };

/** Gathers the records of a batch into rows. */
export function gather(messages: ReadMessage[], deliveredAt: string): Rows {
  const devices = new Map<string, DeviceFacts>();
  const fixes = new Map<string, Fix>();
  const newestFix = new Map<string, Fix>();
  const newestContact = new Map<string, Contact>();
  const rejected: RejectedRow[] = [];
  const receipts = new Map<string, ReceiptRow>();
  const runs: RunRecord[] = [];
  const sweeps: SweepRecord[] = [];

  for (const { message, items } of messages) {
    const { id, receipt, source, kind, account, receivedAt } = message;
    let rejections = 0;
    for (const { device, fix, contact, rejection, run, sweep, imei, item, itemNumber } of items) {
      if (device) devices.set(device.imei, mergeFacts(devices.get(device.imei), device));
      if (fix) {
        const key = `${fix.imei} ${fix.gpsTime}`;
        fixes.set(key, mergeFixes(fixes.get(key), fix));
        if (!fix.clockAhead && isNewer(fix.gpsTime, newestFix.get(fix.imei)?.gpsTime))
          newestFix.set(fix.imei, fix);
      }
      if (contact && isNewerContact(contact, newestContact.get(contact.imei))) {
        newestContact.set(contact.imei, contact);
      }
      if (run) runs.push(run);
      if (sweep) sweeps.push(sweep);
      if (rejection) {
        rejections += 1;
        const text = JSON.stringify(item) ?? "null";
        rejected.push({ ...id, itemNumber, kind, account, imei, ...rejection, item: text, receivedAt });
      }
    }
    // The queue may deliver a message twice in one batch.
    const name = `${id.producer} ${id.sequence}`;
    receipts.set(name, {
      ...id,
      receipt,
      source,
      kind,
      account,
      receivedAt,
      items: items.length,
      rejected: rejections,
      deliveredAt,
      deliveries: (receipts.get(name)?.deliveries ?? 0) + 1,
    });
  }
  return {
    devices: [...devices.values()],
    fixes: [...fixes.values()],
    live: liveRows(newestFix, newestContact),
    rejected,
    receipts: [...receipts.values()],
    runs,
    sweeps,
  };
}

function liveRows(fixes: Map<string, Fix>, contacts: Map<string, Contact>): LiveRow[] {
  return [...new Set([...fixes.keys(), ...contacts.keys()])].map((imei) => {
    const { gpsTime: fixAt, receivedAt: fixReceivedAt, ignition: _, ...fix } = fixes.get(imei) ?? {};
    const { receivedAt: contactReceivedAt, ...contact } = contacts.get(imei) ?? {};
    return { ...fix, ...contact, imei, fixAt, fixReceivedAt, contactReceivedAt };
  });
}

/** The newer answer wins, a null never does. */
function mergeFacts(known: DeviceFacts | undefined, facts: DeviceFacts): DeviceFacts {
  if (!known) return facts;
  const [older, newer] = known.seenAt <= facts.seenAt ? [known, facts] : [facts, known];
  return fillNulls(newer, older);
}

/** The better witness wins, the other fills what it does not say. */
function mergeFixes(known: Fix | undefined, fix: Fix): Fix {
  if (!known) return fix;
  const [better, other] = fix.sources > known.sources ? [fix, known] : [known, fix];
  const merged = fillNulls(better, other);
  return {
    ...merged,
    source: known.source,
    sources: known.sources | fix.sources,
    clockAhead: known.clockAhead && fix.clockAhead,
  };
}

function fillNulls<Row extends object>(row: Row, from: Row): Row {
  const filled = { ...row };
  for (const name of Object.keys(from) as (keyof Row)[]) {
    filled[name] ??= from[name];
  }
  return filled;
}

function isNewer(time: string, known: string | undefined): boolean {
  return known === undefined || time > known;
}

function isNewerContact(contact: Contact, known: Contact | undefined): boolean {
  return (
    known === undefined ||
    contact.contactAt > known.contactAt ||
    (contact.contactAt === known.contactAt && contact.receivedAt > known.receivedAt)
  );
}
