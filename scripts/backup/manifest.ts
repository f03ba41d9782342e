import * as z from "zod";
import { digestOfRecipients } from "./recipients.ts";

/**
 * A backup under `backup/` of a store:
 *
 *     manifests/<id>.json                          written last: without it there is no backup
 *     begun/<id>.json                              one that is being made, or was broken off; goes when its manifest is there
 *     pieces/<recipients>/<text>.<object>          rows of a table as COPY writes text, compressed by zstd, encrypted by age
 *     unneeded/<id>.json                           pieces that no manifest named when that backup was made; they go two days later
 *     verified/<id>.json                           what came of looking at it last
 *
 * A piece is named by the SHA-256 of its text, by that of the object, as each encryption makes another of it, and by a digest of
 * who can open it. What did not change since the night before is there already: a backup that was broken off goes on where it
 * was by beginning again. No object but those of `verified/` is ever replaced by another.
 */
export const FOLDER = "backup/";
export const MANIFESTS = `${FOLDER}manifests/`;
export const BEGUN = `${FOLDER}begun/`;
export const PIECES = `${FOLDER}pieces/`;
export const UNNEEDED = `${FOLDER}unneeded/`;
export const VERIFIED = `${FOLDER}verified/`;

/** Where pieces lie that these recipients can open. */
export const piecesOf = (recipients: readonly string[]) => `${PIECES}${digestOfRecipients(recipients)}/`;

/** Where a piece lies. */
export function pieceKey(
  recipients: readonly string[],
  { textSha256, sha256 }: { textSha256: string; sha256: string },
): string {
  return `${piecesOf(recipients)}${textSha256}.${sha256}`;
}

export const FORMAT = 1;

/** Of a key in words. */
const LONGEST_KEY = 200;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const piece = z.object({
  /** Where it lies. */
  key: z.string(),
  rows: z.int().nonnegative(),
  /** Of its text, and of the object. */
  textBytes: z.int().nonnegative(),
  bytes: z.int().positive(),
  /** Of its text, and of the object. */
  textSha256: sha256,
  sha256,
});

const table = z.object({
  /** As SQL writes it, with its schema. */
  name: z.string(),
  /** Names, in the order of the text. */
  columns: z.array(z.string()).min(1),
  /** Those that may be null. In a database that was taken over those may be more than migrations let be. */
  nullable: z.array(z.string()),
  rows: z.int().nonnegative(),
  /** In the order of the rows. */
  pieces: z.array(piece),
});

/** Everything that a backup says of itself. It is not encrypted: it has names of tables and counts, no rows. */
const contents = z.object({
  format: z.literal(FORMAT),
  /** `2026-11-22T02-10-00Z-<uuid>`: the order of names is the order of time. */
  id: z.string(),
  /** When the snapshot was taken, of which every row is: the database's clock. */
  snapshotAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** Public keys that can open it, as age writes them. */
  recipients: z.array(z.string()).min(1),
  /** What `private.migrations` says, in order. */
  migrations: z.array(z.object({ number: z.int(), file: z.string(), checksum: z.string() })).min(1),
  /** Version of the server, and of TimescaleDB where it has it. */
  server: z.object({ postgres: z.string(), timescaledb: z.string().nullable() }),
  /** Next values of sequences, by name with schema, as SQL writes it. */
  sequences: z.array(z.object({ name: z.string(), lastValue: z.string(), isCalled: z.boolean() })),
  tables: z.array(table),
});

/** Whoever may write to the store may have written it: it counts its own rows right, and names no object but pieces. */
export const manifest = contents.superRefine(({ tables, recipients }, { addIssue }) => {
  for (const { name, rows, pieces } of tables) {
    if (pieces.reduce((sum, piece) => sum + piece.rows, 0) !== rows) {
      addIssue(`its pieces of ${name} do not have as many rows as ${name} had`);
    }
    const astray = pieces.find((piece) => piece.key !== pieceKey(recipients, piece));
    if (astray) addIssue(`it names ${astray.key.slice(0, LONGEST_KEY)}, which is no piece of its own`);
  }
});

export type Manifest = z.output<typeof manifest>;
export type BackedUpTable = z.output<typeof table>;
export type Piece = z.output<typeof piece>;

/** What came of looking at a backup. */
export const verification = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  /** `objects`: each is there with its checksum; `rows`: each was opened and its text compared; `restored`: into a database, and compared. */
  level: z.enum(["objects", "rows", "restored"]),
  isWell: z.boolean(),
  /** What is wrong, in words. */
  faults: z.array(z.string()),
  /** Pieces that are not what they should be: the next backup puts them again. */
  damaged: z.array(z.string()),
  durationMs: z.int().nonnegative(),
});

export type Verification = z.output<typeof verification>;
