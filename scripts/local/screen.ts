import type postgres from "postgres";
import type { JobName } from "../../workers/polls/schedule.ts";
import type { TickResult } from "./ticks.ts";

/** How often the last line is brought up to date. */
const REFRESH_MS = 2_000;

/** What a person needs to know about the running stack. */
interface Started {
  workerUrl: string;
  /** Where the vendor would push to; it holds the token. */
  pushUrl: string;
  key: string;
  database: string;
  vendor: string;
  /** Where addresses come from. */
  geocoder: string;
  notice: string | null;
}

/** The terminal of `npm start`: steps, one screen of facts, and a line that is kept up to date. */
export class Screen {
  readonly #live = process.stdout.isTTY === true;
  readonly #ticks = new Map<JobName, TickResult>();
  #lastLine = "";

  /** Says what is being done now. */
  step(text: string): void {
    this.log(`· ${text} …`);
  }

  /** Prints a line above the one that is kept up to date. */
  log(text: string): void {
    this.#clear();
    console.log(text);
    this.#draw();
  }

  show({ workerUrl, pushUrl, key, database, vendor, geocoder, notice }: Started): void {
    this.log(`
  tracksolid-edge is running${notice ? `\n  ${notice}` : ""}

  Map              ${workerUrl}/
  Live positions   ${workerUrl}/v1/live
  API description  ${workerUrl}/openapi.json
  Health           ${workerUrl}/health/ingest
  Pushes           ${pushUrl}
  Development key  ${key}   (every scope; reads need none here)

  Database         ${database}
  Tracksolid       ${vendor}
  Addresses        ${geocoder}

  Ctrl-C stops everything.
`);
  }

  tick(job: JobName, result: TickResult): void {
    this.#ticks.set(job, result);
  }

  /** Keeps the last line up to date until told to stop. */
  async follow(workerUrl: string, sql: postgres.Sql, stopped: () => boolean): Promise<void> {
    while (!stopped()) {
      const line = await this.#figures(workerUrl, sql).catch((error: Error) => `  waiting: ${error.message}`);
      if (stopped()) return;
      if (line !== this.#lastLine) {
        this.#clear();
        this.#lastLine = line;
        if (this.#live) this.#draw();
        else console.log(line);
      }
      await new Promise((resolve) => setTimeout(resolve, REFRESH_MS));
    }
  }

  /** Leaves the last line as it is and begins a new one. */
  end(): void {
    if (this.#live && this.#lastLine) process.stdout.write("\n");
    this.#lastLine = "";
  }

  async #figures(workerUrl: string, sql: postgres.Sql): Promise<string> {
    const [[rows], backlog] = await Promise.all([
      sql<{ vehicles: number; moving: number; fixes: number; trips: number; pushes: number }[]>`
        select count(*)::int as vehicles, count(*) filter (where speed_kmh > 3)::int as moving,
          (select count(*) from tracksolid.position_history)::int as fixes,
          (select count(*) from tracksolid.trips)::int as trips,
          (select count(*) from private.receipts where source = 'push')::int as pushes
        from tracksolid.live_positions where fix_at is not null`,
      fetch(`${workerUrl}/health/ready`).then(
        async (response) =>
          ((await response.json()) as { backlog: { messages: number } | null }).backlog?.messages,
      ),
    ]);
    const live = this.#ticks.get("live");
    const polled = live ? `${live.at.toLocaleTimeString("en-GB")}${live.ok ? "" : " FAILED"}` : "not yet";
    return `  ${rows?.vehicles ?? 0} vehicles (${rows?.moving ?? 0} moving) · ${rows?.fixes ?? 0} fixes · ${rows?.trips ?? 0} trips · ${rows?.pushes ?? 0} pushes · last poll ${polled} · backlog ${backlog ?? "?"}`;
  }

  #clear(): void {
    if (this.#live && this.#lastLine) process.stdout.write("\r\x1b[2K");
  }

  #draw(): void {
    if (this.#live && this.#lastLine) process.stdout.write(this.#lastLine);
  }
}
