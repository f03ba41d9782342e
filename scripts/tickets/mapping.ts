import { z } from "zod";

/** The file of `npm run db:map-tickets`: which tables our views read, and which of their columns. Never SQL. */

/** As Postgres keeps names. */
const name = z.string().min(1).max(63).refine(isPlain, "holds a NUL");
const word = z.string().max(200).refine(isPlain, "holds a NUL");

function isPlain(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

/** The name of a column of the source, or what all its rows have. */
const textColumn = z.union([name, z.strictObject({ constant: word })]);
const numberColumn = z.union([name, z.strictObject({ constant: z.number() })]);

const source = {
  table: z.strictObject({ schema: name, name }),
  /** Only rows that have one of these values there; all without it. */
  only: z.strictObject({ column: name, values: z.array(word).min(1).max(200) }).optional(),
  /** Zone of times that the source keeps without one. */
  zone: word.optional(),
};

const ticketSource = z
  .strictObject({
    ...source,
    kind: z.enum(["INC", "CRQ"]),
    /** Without them a ticket is open that is not resolved and in no state of tracksolid.ticket_rules.closed_states. */
    openStates: z.array(word.min(1)).min(1).max(200).optional(),
    columns: z.strictObject({
      number: name,
      opened_at: name,
      state: textColumn.optional(),
      priority: textColumn.optional(),
      area: textColumn.optional(),
      lat: numberColumn.optional(),
      lng: numberColumn.optional(),
      due_at: name.optional(),
      resolved_at: name.optional(),
      driver_name: textColumn.optional(),
      imei: textColumn.optional(),
    }),
  })
  .refine(({ openStates, columns }) => openStates === undefined || columns.state !== undefined, {
    message: "needs the column state, since openStates are given",
    path: ["columns", "state"],
  })
  .refine(({ columns }) => (columns.lat === undefined) === (columns.lng === undefined), {
    message: "lat and lng go together",
    path: ["columns", "lat"],
  });

const fillSource = z.strictObject({
  ...source,
  columns: z.strictObject({
    imei: name,
    filled_at: name,
    litres: name,
    cost: name.optional(),
    currency: textColumn.optional(),
    odometer_km: name.optional(),
    station: textColumn.optional(),
  }),
});

const mappingSchema = z
  .strictObject({
    /** Empty: the view has no rows. Left out: it stays as it is. */
    tickets: z.array(ticketSource).max(20).optional(),
    fuelFills: z.array(fillSource).max(20).optional(),
  })
  .refine(({ tickets, fuelFills }) => tickets !== undefined || fuelFills !== undefined, {
    message: "says neither tickets nor fuelFills",
  });

export type Mapping = z.infer<typeof mappingSchema>;
export type TicketSource = z.infer<typeof ticketSource>;
export type FillSource = z.infer<typeof fillSource>;

/** @throws with all that is wrong with the text */
export function readMapping(text: string): Mapping {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`The mapping is not JSON: ${(error as Error).message}`);
  }
  const parsed = mappingSchema.safeParse(value);
  if (!parsed.success) throw new Error(`The mapping is not understood:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
