import type postgres from "postgres";
import nextDays from "#sql/workers/roads/next-days.sql";
import noteDay from "#sql/workers/roads/note-day.sql";
import oldTiles from "#sql/workers/roads/old-tiles.sql";
import ways from "#sql/workers/roads/ways.sql";
import { classifyDatabaseError, databaseAnswers, openDatabase } from "../../shared/database.ts";
import { log, messageOf } from "../../shared/log.ts";
import { settings } from "../../shared/settings.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { takeLease } from "../polls/lease.ts";
import type { JobContext } from "../polls/outcome.ts";
import { addWays } from "./add-ways.ts";
import { changeTiles, dayNumber } from "./change-tiles.ts";
import { type Grid, newGrid } from "./grid.ts";
import { LEVELS, onLevel } from "./levels.ts";
import { tilesOf } from "./tiles-of.ts";

/** A tick of this cadence has 30 s of the processor for all of its jobs; what is left is taken up ten minutes later. */
const MOST_MS = 15_000;

/** A second of work; some megabytes as text. A day of a fix every second is 86,400. */
const FIXES_PER_ROUND = 50_000;

const VEHICLES_PER_ROUND = 500;

const OLD_TILES_PER_RUN = 200;

/** A run ends soon after its time, unless it was killed. */
const LEASE_LIMIT_S = 120;

/** What was received before the run that took the rest may have been written after it. Whatever is later than that comes when the day is taken whole. */
const MARGIN_MS = 15 * 60_000;

const DAY_MS = 24 * 3_600_000;

/** A day of a vehicle whose way is to be taken. */
interface Listed {
  day: string;
  isOver: boolean;
  imei: string;
  version: string;
  isDriven: boolean;
  takenAt: string | null;
  /** Nothing of the day is left then. */
  isLast: boolean;
}

/**
 * Every ten minutes, one run at a time: puts the ways of vehicles among the roads that maps show (`/v1/tiles/tracks`), the newest day
 * first, each day while it goes on and again when it is over, or changes later. Each round is a transaction that notes how far it
 * has come: a run that is killed loses that round alone, and one that comes twice adds nothing. What fails is tried by fewer
 * vehicles; one that cannot be taken is left out, and told.
 */
export async function layRoads(context: JobContext): Promise<void> {
  const { env, runId, startedMs, deadlineMs, outcome } = context;
  const sql = openDatabase(env.DB_INGEST);
  try {
    await using lease = await takeLease(sql, "roads", runId, LEASE_LIMIT_S);
    if (!lease.held) {
      outcome.leftToRun = lease.holder;
      return;
    }
    const endMs = Math.min(deadlineMs, nowMs() + MOST_MS);
    const grid = newGrid();
    let most = VEHICLES_PER_ROUND;
    // A round that takes all of the time to fail would do so in every run: fewer are tried after it.
    while (nowMs() < (most < VEHICLES_PER_ROUND ? deadlineMs : endMs)) {
      const listed = await sql.unsafe<Listed[]>(
        nextDays,
        [toIso(startedMs), settings.roadKeptDays, FIXES_PER_ROUND, most],
        { prepare: true },
      );
      const last = listed.at(-1);
      if (last === undefined) break;
      try {
        await takeRound(sql, grid, context, listed, last);
        outcome.itemsReceived += listed.length;
        most = VEHICLES_PER_ROUND;
      } catch (error) {
        if (classifyDatabaseError(error) === "unreachable" || error instanceof LeaseLost) throw error;
        const { day, imei } = last;
        log("warn", "ways_not_taken", { day, vehicles: listed.length, error: messageOf(error) });
        if (listed.length === 1) {
          const message = `is left out of the roads: ${messageOf(error)}`;
          outcome.failures.push({ what: `${imei} on ${day}`, failure: { kind: "underived", message } });
          await note(sql, last, startedMs);
        }
        most = Math.max(1, Math.floor(listed.length / 2));
      }
    }
    await forgetRoads(sql, context);
  } catch (error) {
    if (classifyDatabaseError(error) !== "unreachable" || (await databaseAnswers(sql))) throw error;
    // With the database away there is nothing new to take: that is no failure of this job.
    outcome.leftToRun = "the database is away";
  }
}

/** Another run has begun meanwhile: what this one read is not to be written any more. */
class LeaseLost extends Error {}

async function takeRound(
  sql: postgres.Sql,
  grid: Grid,
  { runId, startedMs }: JobContext,
  listed: Listed[],
  last: Listed,
): Promise<void> {
  const { day, takenAt } = last;
  const imeis = listed.filter(({ isDriven }) => isDriven).map(({ imei }) => imei);
  const since = takenAt === null ? null : toIso(Date.parse(takenAt) - MARGIN_MS);
  const pieces: number[][] = [];
  if (imeis.length > 0) {
    // Row by row: of rows that an error followed postgres.js keeps the count, and the next answer begins with as many holes.
    await sql
      .unsafe<{ pieces: string }[]>(ways, [JSON.stringify(imeis), day, since, settings.movingAboveKmh], {
        prepare: true,
      })
      .forEach((way) => {
        for (const piece of JSON.parse(way.pieces) as number[][]) pieces.push(piece);
      });
  }
  await whileHeld(sql, runId, async (tx) => {
    for (const level of LEVELS) {
      const tiles = tilesOf(
        pieces.map((piece) => onLevel(piece, level)),
        level,
      );
      await changeTiles(tx, level.zoom, tiles, (tile, roads) =>
        addWays(grid, level, roads, tile.ways, dayNumber(day)),
      );
    }
    await note(tx, last, startedMs);
  });
}

/** Changes roads in a transaction, unless another run has begun: what it reads stays as it is until it ends. @throws LeaseLost */
const whileHeld = (
  sql: postgres.Sql,
  runId: string,
  change: (tx: postgres.TransactionSql) => Promise<void>,
) =>
  sql.begin(async (tx) => {
    const held = await tx`select from private.leases where name = 'roads' and holder = ${runId} for update`;
    if (held.length === 0) throw new LeaseLost("another run took over");
    await change(tx);
  });

const note = (sql: postgres.ISql, { day, version, imei, isOver, isLast }: Listed, startedMs: number) =>
  sql.unsafe(noteDay, [day, version, imei, isOver, isLast ? toIso(startedMs) : null], { prepare: true });

/** Takes away roads that nobody drove for so long. */
async function forgetRoads(sql: postgres.Sql, { runId, startedMs }: JobContext): Promise<void> {
  const keptFrom = toIso(startedMs - settings.roadKeptDays * DAY_MS).slice(0, 10);
  const tiles = await sql.unsafe<{ level: number; x: number; y: number }[]>(
    oldTiles,
    [keptFrom, OLD_TILES_PER_RUN],
    { prepare: true },
  );
  const from = dayNumber(keptFrom);
  for (const [level, part] of Map.groupBy(tiles, (tile) => tile.level)) {
    await whileHeld(sql, runId, (tx) =>
      changeTiles(tx, level, part, (_, roads) => {
        const kept = roads.filter(({ lastDay }) => lastDay >= from);
        roads.splice(0, roads.length, ...kept);
        return true;
      }),
    );
  }
}
