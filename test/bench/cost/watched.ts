import { schedule } from "../../../workers/polls/schedule.ts";
import type { Stand } from "../past/stand.ts";
import { metered, usageOf } from "./metered.ts";
import { sum, type Usage } from "./usage.ts";

const MINUTE_MS = 60_000;

/** What a minute has more while somebody watches the live map than one that nobody watches. */
export async function countWatched(stand: Stand, unwatched: Usage): Promise<Usage> {
  const url = new URL("/v1/live/stream", await stand.served.url("product"));
  url.protocol = "ws:";
  const reading = await metered(stand.served, async () => {
    const socket = new WebSocket(url.href);
    socket.addEventListener("message", () => socket.send("ack"));
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(new Error(`${url} opened no stream`)));
    });
    const minute = new Promise((resolve) => setTimeout(resolve, MINUTE_MS));
    await stand.tick(schedule.live.cron);
    await minute;
    socket.close();
  });
  return sum([usageOf(reading), 1], [unwatched, -1]);
}
