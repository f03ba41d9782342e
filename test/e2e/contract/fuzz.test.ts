import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { figure, size } from "../../setup/size.ts";
import { type Api, startApi, tickAll } from "./api.ts";
import { checkAnswer } from "./check.ts";
import type { Place } from "./document.ts";
import { exampleRequest, isRequired } from "./example.ts";
import { hostileRequests } from "./hostile.ts";
import type { WireRequest } from "./send.ts";

/** Always the same requests in `npm test`, always others in the drill; what fails says its seed. */
const seed = size(20260115, Date.now());

/** Requests to each operation; to one that asks the vendor, whose pace all of them share, fewer. */
const requestsTo = ({ path }: Place) => (path.startsWith("/v1/vendor/") ? size(4, 100) : size(8, 500));

/** No request may keep the Worker busy: nothing that it can ask for takes long on this fleet. Some of them ask to sleep for as long. */
const PATIENCE_MS = 5_000;

/** Operations that are asked at the same time, where none of their path's changes anything. */
const LANES = 4;

/** Health is asked, too, and must not find a job late. */
const TICK_EVERY_MS = 60_000;

let api: Api;
let before: unknown;

const fleet = () => api.stack.sql`select imei, account, enabled from tracksolid.devices order by imei`;

beforeAll(async () => {
  api = await startApi();
  before = await fleet();
});
afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
});

it(
  "answers as documented whatever it is asked",
  async () => {
    const statuses = new Map<string, number>();
    let tickedMs = Date.now();
    const tryOut = async (place: Place) => {
      const answersAsDocumented = fc.asyncProperty(hostileRequests(place), async (request) => {
        if (Date.now() - tickedMs > TICK_EVERY_MS) {
          tickedMs = Date.now();
          await tickAll(api.stack);
        }
        const ask = async () => {
          const startedAt = performance.now();
          const answer = await api.ask(request);
          return { answer, tookMs: performance.now() - startedAt };
        };
        const { answer, tookMs } = await ask();
        checkAnswer(api.document, place, request, answer);
        // A machine that is busy with others is slow once; a request that takes long does so again.
        if (tookMs >= PATIENCE_MS) expect((await ask()).tookMs).toBeLessThan(PATIENCE_MS);
        const seen = `${place.name} ${answer.status}`;
        statuses.set(seen, (statuses.get(seen) ?? 0) + 1);
      });
      // The first is the example: what only ever refuses would not have been tried.
      const examples: [WireRequest][] = [[exampleRequest(api.document, place, isRequired)]];
      await fc.assert(answersAsDocumented, { seed, numRuns: requestsTo(place), examples });
    };
    const changing = new Set(api.operations.filter(({ method }) => method !== "GET").map(({ path }) => path));
    await api.renew();
    const reading = api.operations.filter(({ path }) => !changing.has(path)).values();
    const lane = async () => {
      for (const place of reading) await tryOut(place);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    for (const place of api.operations.filter(({ path }) => changing.has(path))) {
      await api.renew();
      await tryOut(place);
    }
    for (const { name, operation } of api.operations) {
      if (!("101" in operation.responses)) {
        expect([...statuses.keys()]).toContainEqual(expect.stringContaining(`${name} 2`));
      }
    }
    for (const [seen, count] of statuses) figure(seen, String(count));
  },
  size(480_000, 3_600_000),
);

it("leaves the fleet as it was", async () => {
  expect(await fleet()).toEqual(before);
});
