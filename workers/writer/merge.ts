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

/** A later heartbeat, or the same one as it was received later. */
export function isNewerContact(contact: Contact, known: Contact | undefined): boolean {
  return (
    known === undefined ||
    contact.contactAt > known.contactAt ||
    (contact.contactAt === known.contactAt && contact.receivedAt > known.receivedAt)
  );
}
