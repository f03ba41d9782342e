import { identifier } from "../database/quote.ts";
import type { Found, FoundRelation } from "./found.ts";

const OWNER = "tracksolid_owner";

/** Whether it goes to the owner. A materialized view is refreshed as whoever has it, and stays with them. */
export const changesOwner = ({ owner, kind, isAggregate }: FoundRelation): boolean =>
  owner !== OWNER && (kind !== "materialized view" || isAggregate);

/** SQL that makes the owner what the schemas of the fleet hold. Chunks follow their hypertable, linked sequences their table. */
export function ownersSql(found: Found): string {
  const relations = found.relations.filter(changesOwner);
  const functions = found.functions.filter(({ owner }) => owner !== OWNER);
  const sequences = found.sequences.filter(({ owner, table }) => table === null && owner !== OWNER);
  return [
    ...relations.map(({ name, kind, isAggregate }) => {
      const word = isAggregate ? "materialized view" : kind;
      return `alter ${word} ${dotted(name)} owner to ${OWNER};`;
    }),
    ...sequences.map(({ name }) => `alter sequence ${name} owner to ${OWNER};`),
    ...functions.map(
      ({ name, kind, arguments: types }) => `alter ${kind} ${dotted(name)}(${types}) owner to ${OWNER};`,
    ),
    // Who had it and is no superuser goes on writing; changing it is the owner's from now on.
    ...relations
      .filter(({ owner, kind }) => kind === "table" && !found.superusers.includes(owner))
      .map(
        ({ name, owner }) =>
          `grant select, insert, update, delete on ${dotted(name)} to ${identifier(owner)};`,
      ),
    // A view reads with the rights of its owner.
    ...found.readElsewhere.flatMap(({ schema, relation }) => [
      `grant usage on schema ${identifier(schema)} to ${OWNER};`,
      `grant select on ${relation} to ${OWNER};`,
    ]),
  ].join("\n");
}

/** A name with its schema, in SQL. */
export const dotted = (name: string): string => name.split(".").map(identifier).join(".");
