import { dotted, identifier } from "../../shared/quote.ts";
import type { Found, FoundRelation } from "./found.ts";

const OWNER = "tracksolid_owner";

/** Whether it goes to the owner. A materialized view is refreshed as whoever has it, and stays with them. */
export const changesOwner = ({ owner, kind, isAggregate }: FoundRelation): boolean =>
  owner !== OWNER && (kind !== "materialized view" || isAggregate);

/** Functions with the rights of their owner do with them what nobody else may, and keep them. */
export const movedFunctions = (found: Found) =>
  found.functions.filter(({ owner, isDefiner }) => owner !== OWNER && !isDefiner);

/** SQL that makes the owner what the schemas of the fleet hold. Chunks follow their hypertable, linked sequences their table. */
export function ownersSql(found: Found): string {
  const relations = found.relations.filter(changesOwner);
  const sequences = found.sequences.filter(({ owner, table }) => table === null && owner !== OWNER);
  return [
    ...relations.map(({ name, kind, isAggregate }) => {
      const word = isAggregate ? "materialized view" : kind;
      return `alter ${word} ${dotted(name)} owner to ${OWNER};`;
    }),
    ...sequences.map(({ name }) => `alter sequence ${name} owner to ${OWNER};`),
    ...movedFunctions(found).map(
      ({ name, kind, arguments: types }) => `alter ${kind} ${dotted(name)}(${types}) owner to ${OWNER};`,
    ),
    ...goOnSql(found),
    // A view reads with the rights of its owner.
    ...found.readElsewhere.flatMap(({ schema, relation }) => [
      `grant usage on schema ${identifier(schema)} to ${OWNER};`,
      `grant select on ${relation} to ${OWNER};`,
    ]),
  ].join("\n");
}

/** Who owned something and is no superuser goes on using it; changing it is the owner's from now on. */
function goOnSql(found: Found): string[] {
  const isFormer = (owner: string) => owner !== OWNER && !found.superusers.includes(owner);
  const relations = found.relations.filter((relation) => changesOwner(relation) && isFormer(relation.owner));
  const users = new Set([
    ...relations.map(({ name, owner }) => `${name.split(".")[0]} ${owner}`),
    ...found.schemas
      .filter(({ name, owner }) => ["tracksolid", "reporting"].includes(name) && isFormer(owner))
      .map(({ name, owner }) => `${name} ${owner}`),
  ]);
  return [
    ...[...users].map((user) => {
      const [schema = "", owner = ""] = user.split(" ");
      return `grant usage on schema ${schema} to ${identifier(owner)};`;
    }),
    ...relations.map(({ name, owner, kind }) => {
      const rights = kind === "table" ? "select, insert, update, delete" : "select";
      return `grant ${rights} on ${dotted(name)} to ${identifier(owner)};`;
    }),
    ...found.sequences
      .filter(({ owner }) => isFormer(owner))
      .map(({ name, owner }) => `grant usage, select on sequence ${name} to ${identifier(owner)};`),
  ];
}
