import * as z from "zod";
import { POLL_KINDS } from "./jimi/poll/kinds.ts";
import { PUSH_KINDS } from "./jimi/push/kinds.ts";

/** Version of the message form. A newer one is parked: a rolled-back Worker meets it. */
export const MESSAGE_VERSION = 1;

/** Kinds of our own facts. */
const OWN_KINDS = ["run", "sweep", "address", "audit"] as const;

/** What the items of a message are: what the vendor told, or our own facts. */
export const MESSAGE_KINDS = [...POLL_KINDS, ...PUSH_KINDS, ...OWN_KINDS] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** What the vendor told: what is archived, and can be played again. */
export const VENDOR_KINDS = MESSAGE_KINDS.filter(
  (kind): kind is Exclude<MessageKind, (typeof OWN_KINDS)[number]> =>
    !(OWN_KINDS as readonly string[]).includes(kind),
);

/** Enough of any version to find out whether we understand it. */
export const anyMessage = z.object({ v: z.number(), kind: z.string() });

/** A queue message: what arrived, cut at item borders, with its origin. */
export const message = z.object({
  v: z.literal(MESSAGE_VERSION),
  /** `itemsBefore`: how many items its producer has sent in earlier messages, so that a gap tells what it held. */
  id: z.object({
    producer: z.string().min(1),
    sequence: z.int().positive(),
    itemsBefore: z.int().nonnegative(),
  }),
  /** Run or body the items came from. */
  receipt: z.string().min(1),
  /** Which part of the body or answer it is, from 1, and of how many. */
  part: z.object({ number: z.int().positive(), of: z.int().positive() }),
  source: z.enum(["poll", "push"]),
  kind: z.enum(MESSAGE_KINDS),
  /** The account that was asked; null for a push, which does not say. */
  account: z.string().nullable(),
  /** The device that was asked, where the items do not name theirs. */
  imei: z.string().nullable().default(null),
  /** When the vendor answered or pushed. */
  receivedAt: z.iso.datetime(),
  /** How a push came: its path, what its body called it, and its headers; never the token. */
  via: z
    .object({ path: z.string(), msgType: z.string().nullable(), headers: z.record(z.string(), z.string()) })
    .nullable(),
  items: z.array(z.unknown()),
  /** Key in R2 of the items, where one is too large for the queue; `items` is then empty. */
  stored: z.string().nullable(),
});
export type Message = z.output<typeof message>;

/** Outcome of a poll run, for `ingestion_log`. */
export const runRecord = z.object({
  id: z.string(),
  job: z.string(),
  runAt: z.iso.datetime(),
  durationMs: z.int(),
  success: z.boolean(),
  apiCalls: z.int(),
  rowsReceived: z.int(),
  /** Accounts whose whole list was asked for and answered: the writer counts whom it left out. */
  accountsListed: z.array(z.string()).nullable(),
  /** Distinct devices in those lists. */
  vehiclesListed: z.int().nullable(),
  errorCode: z.string().nullable(),
  error: z.string().nullable(),
});
export type RunRecord = z.output<typeof runRecord>;

/** A device sync in which every account answered sanely. */
export const sweepRecord = z.object({
  /** Devices listed before it and not since are gone. */
  startedAt: z.iso.datetime(),
  /** How many distinct devices it listed: the sweep waits until all of them are written. */
  devices: z.int().positive(),
});
export type SweepRecord = z.output<typeof sweepRecord>;

/** Version of the form of an address. A newer one is parked, as a newer message is. */
export const ADDRESS_VERSION = 1;

/** What the geocoder was told about a cell. */
export const addressRecord = z.object({
  v: z.literal(ADDRESS_VERSION),
  /** As `tracksolid.cell_of` names it. */
  cell: z.string().regex(/^-?\d{1,9}:-?\d{1,9}$/),
  /** The place that was asked for. */
  lat: z.number().min(-90).max(90),
  lng: z.number().min(-180).max(180),
  /** Null where no address is known. */
  address: z.string().min(1).max(300).nullable(),
  fetchedAt: z.iso.datetime(),
});
export type AddressRecord = z.output<typeof addressRecord>;

/** Version of the form of an audit record. A newer one is parked, as a newer message is. */
export const AUDIT_VERSION = 1;

/** A call of an analyst: a row of `private.audit`. */
export const auditRecord = z.object({
  v: z.literal(AUDIT_VERSION),
  id: z.uuid(),
  askedAt: z.iso.datetime(),
  analystId: z.string().min(1),
  analyst: z.string(),
  tool: z.string().min(1),
  /** SQL that the analyst wrote; null for tools that write their own. */
  statement: z.string().nullable(),
  /** Everything else that the tool was called with, JSON text. */
  arguments: z.string(),
  /** `refused`: nothing ran; `failed`: the database ended it. */
  outcome: z.enum(["answered", "refused", "failed"]),
  /** Why it was refused or failed: a word of ours, or the SQLSTATE. */
  reason: z.string().nullable(),
  rowCount: z.int().nullable(),
  /** Of the rows, as JSON. */
  bytes: z.int().nullable(),
  durationMs: z.int(),
  requestId: z.string(),
});
export type AuditRecord = z.output<typeof auditRecord>;
