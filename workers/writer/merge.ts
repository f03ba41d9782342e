import type { Contact, DeviceFacts, Fix } from "../../shared/records.ts";

/** The newer answer wins, a null never does. */
export function mergeFacts(known: DeviceFacts | undefined, facts: DeviceFacts): DeviceFacts {
  if (!known) return facts;
  const [older, newer] = known.seenAt <= facts.seenAt ? [known, facts] : [facts, known];
  return fillNulls(newer, older);
}

/** The natural key of a fix. */
export function fixKey({ imei, gpsTime }: Fix): string {
  return `${imei} ${gpsTime}`;
}

/** The better witness wins, the other fills what it does not say. */
export function mergeFixes(known: Fix | undefined, fix: Fix): Fix {
  if (!known) return fix;
  const [better, other] = fix.sources > known.sources ? [fix, known] : [known, fix];
  const merged = fillNulls(better, other);
  return {
    ...merged,
    source: known.source,
    sources: known.sources | fix.sources,
    clockAhead: known.clockAhead && fix.clockAhead,
    receivedAt: isNewer(fix.receivedAt, known.receivedAt) ? known.receivedAt : fix.receivedAt,
  };
}

function fillNulls<Row extends object>(row: Row, from: Row): Row {
  const filled = { ...row };
  for (const name of Object.keys(from) as (keyof Row)[]) {
    filled[name] ??= from[name];
  }
  return filled;
}

/** Compares ISO texts. */
export function isNewer(time: string, known: string | undefined): boolean {
  return known === undefined || time > known;
}

/**
 * What the contacts of each vehicle add up to, in the order of their times and, at the same heartbeat, of their
 * receipt: a later one wins where it says something and leaves the rest as it was.
 */
export function foldContacts(contacts: Contact[]): Map<string, Contact> {
  const folded = new Map(contacts.map((contact) => [contact.imei, contact]));
  // A poll names each vehicle once.
  if (folded.size === contacts.length) return folded;
  folded.clear();
  for (const contact of contacts.toSorted(byTime)) {
    const known = folded.get(contact.imei);
    folded.set(contact.imei, known ? fillNulls(contact, known) : contact);
  }
  return folded;
}

function byTime(a: Contact, b: Contact): number {
  return compare(a.contactAt, b.contactAt) || compare(a.receivedAt, b.receivedAt);
}

/** Compares ISO texts. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
