import type postgres from "postgres";
import type { Geofence } from "../../shared/geofences/properties.ts";
import { addGeofences, changeGeofences, geometryProblems } from "../../shared/geofences/write.ts";
import { inTransaction } from "../database/transaction.ts";
import { openText, textOf } from "./encoding.ts";
import { featureName, readGeofences } from "./geofence-file.ts";
import { type Bad, type Change, isRefused, MOST_TOLD, type Outcome, type Request } from "./outcome.ts";
import { takeTurn } from "./turn.ts";

/** A fence has some hundred corners, a company some hundred fences. */
const MOST_BYTES = 50 * 1024 * 1024;

/** Adds the geofences of a GeoJSON file and changes those of the same name. What is as it should be is not written. */
export async function importGeofences(sql: postgres.Sql, path: string, request: Request): Promise<Outcome> {
  const file = await openText(path, MOST_BYTES);
  let text = "";
  for await (const chunk of textOf(file)) text += chunk;
  const { fences, problems } = readGeofences(text);
  const badShapes = new Set<number>();
  for (const { number, name, problem } of await geometryProblems(sql, fences)) {
    const feature = fences[number - 1]?.number ?? number;
    problems.push({ place: featureName(feature, name), reason: problem });
    badShapes.add(feature);
  }
  const numberOf = ({ place }: { place: string }) => Number(/\d+/.exec(place)?.[0]);
  problems.sort((a, b) => numberOf(a) - numberOf(b));
  const bad: Bad = { rows: new Set(problems.map(({ place }) => place)).size, problems };
  const outcome: Outcome = {
    ...{ counts: {}, changes: [], bad, notes: [] },
    facts: { encoding: file.encoding },
  };
  if (isRefused(request, bad)) return outcome;

  const good = fences.filter(({ number }) => !badShapes.has(number));
  return inTransaction(sql, request.apply, async (tx) => {
    await takeTurn(tx, "tracksolid.geofences");
    if (request.apply) await tx`lock table tracksolid.geofences in share row exclusive mode`;
    const changes = await changesOf(tx, good);
    const lostVisits = await countLost(tx, JSON.stringify(good));
    if (request.apply) {
      await changeGeofences(tx, "name", good);
      await addGeofences(tx, good);
    }
    const added = changes.filter(({ isNew }) => isNew).length;
    const changed = changes.length - added;
    if (lostVisits > 0) {
      outcome.notes.push(
        `${lostVisits} visits to those that ${request.apply ? "changed are" : "change would be"} lost: the positions they were made of are no longer kept.`,
      );
    }
    return {
      ...outcome,
      counts: { geofences: { new: added, changed, same: good.length - changes.length, older: 0 } },
      changes: changes.slice(0, MOST_TOLD),
      facts: { ...outcome.facts, lostVisits },
    };
  });
}

/** How geofences differ from those of the same name. */
async function changesOf(tx: postgres.TransactionSql, fences: Geofence[]): Promise<Change[]> {
  const rows = await tx<{ name: string; isNew: boolean; columns: Change["columns"] }[]>`
    select f.name, g.name is null as "isNew", c.columns
    from json_to_recordset(${JSON.stringify(fences)}::text::json) as f (
      name text, kind text, geometry jsonb, "radiusM" double precision, enabled boolean, "rejoinS" int, "minStayS" int
    )
    left join tracksolid.geofences g on g.name = f.name
    cross join lateral (
      select json_agg(json_build_object('name', v.name, 'from', v.was, 'to', v.is_now)) as columns
      from (values
        ('kind', g.kind, f.kind),
        ('geometry', g.geometry::text, f.geometry::text),
        ('radiusM', g.radius_m::text, f."radiusM"::text),
        ('enabled', g.enabled::text, coalesce(f.enabled, g.enabled)::text),
        ('rejoinS', g.rejoin_s::text, coalesce(f."rejoinS", g.rejoin_s)::text),
        ('minStayS', g.min_stay_s::text, coalesce(f."minStayS", g.min_stay_s)::text)
      ) as v (name, was, is_now)
      where v.was is distinct from v.is_now
    ) c
    where c.columns is not null
    order by f.name`;
  return rows.map(({ name, isNew, columns }) => ({ key: name, isNew, columns: columns.map(inWords) }));
}

/** A shape in a few words: its corners would fill a page. */
function inWords({ name, from, to }: Change["columns"][number]): Change["columns"][number] {
  if (name !== "geometry") return { name, from, to };
  const [was, is] = [from, to].map((text) => {
    if (text === null) return null;
    const { type, coordinates } = JSON.parse(text) as { type: string; coordinates: unknown };
    const numbers = JSON.stringify(coordinates).match(/\[-?\d/g)?.length ?? 0;
    return type === "Point" ? type : `${type} of ${numbers} corners`;
  }) as [string | null, string | null];
  return { name, from: was, to: was === is ? `${is}, elsewhere` : is };
}

/** As the trigger has it, visits go where the shape changes, or what a visit is. */
async function countLost(tx: postgres.TransactionSql, list: string): Promise<number> {
  const [row] = await tx<{ lost: number }[]>`
    with concerned as materialized (
      select v.imei, v.entered_at
      from json_to_recordset(${list}::text::json) as f (
        name text, geometry jsonb, "radiusM" double precision, enabled boolean, "rejoinS" int
      )
      join tracksolid.geofences g on g.name = f.name
      join tracksolid.geofence_visits v on v.geofence_id = g.geofence_id
      where (g.geometry, g.radius_m, g.enabled, g.rejoin_s) is distinct from (
        f.geometry, f."radiusM", coalesce(f.enabled, g.enabled), coalesce(f."rejoinS", g.rejoin_s)
      )
    ), kept as (
      select imei, (
        select min(h.gps_time) from tracksolid.position_history h where h.imei = c.imei
      ) as first_fix
      from (select distinct imei from concerned) c
    )
    select count(*)::int as lost from concerned c join kept k on k.imei = c.imei
    where c.entered_at < k.first_fix or k.first_fix is null`;
  return row?.lost ?? 0;
}
