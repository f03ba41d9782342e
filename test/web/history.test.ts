import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Answers } from "../../web/client/index.js";
import { violations } from "../setup/accessibility.ts";
import { NO_WEBGL, startBrowser } from "../setup/browser.ts";
import { type Stack, startStack } from "../setup/harness.ts";
import { derived } from "../setup/history.ts";
import {
  A_ROUND,
  ANOTHER_ROUND,
  addDenseDay,
  addReports,
  addVehicleDay,
  fixesOf,
  HISTORY_DAY,
  HISTORY_FROM_MS,
  HOSTILE_NAME,
} from "../setup/history-day.ts";
import { keepPictures } from "../setup/pictures.ts";

const VAN = "990000000000001";
const HOSTILE = "990000000000002";
const HIDDEN = "990000000000003";
const DENSE = "990000000000004";
const SPAN = {
  from: new Date(HISTORY_FROM_MS).toISOString(),
  to: new Date(HISTORY_FROM_MS + 86_400_000).toISOString(),
};
const ROUND = `/history?vehicle=${VAN}&day=${HISTORY_DAY}`;

let browser: Browser;
let stack: Stack;
let context: BrowserContext;
let key: string;
const problems: string[] = [];

beforeAll(async () => {
  [browser, stack] = await Promise.all([
    startBrowser(),
    startStack({ world: { vehicles: 2, seed: 12 }, vars: { OPEN_READS: "" } }),
  ]);
  key = await stack.makeKey(["read"]);
  const { sql } = stack;
  const round = fixesOf(360, [-1.2864, 36.8172], A_ROUND);
  await addVehicleDay(sql, { imei: VAN, plate: "KDA 123A", driver: "Achieng" }, round);
  await addReports(sql, VAN, round);
  const another = fixesOf(420, [-1.31, 36.79], ANOTHER_ROUND, 30);
  await addVehicleDay(sql, { imei: HOSTILE, name: HOSTILE_NAME }, another);
  await addVehicleDay(sql, { imei: HIDDEN, plate: "KDB 777H", isHidden: true }, another);
  await addDenseDay(sql, { imei: DENSE, plate: "KDD 864S" });
});
afterEach(() => context?.close());
afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
});

async function open(
  path: string,
  options: BrowserContextOptions = {},
  { given = key, hasWebGl = false } = {},
): Promise<Page> {
  context = await browser.newContext({ viewport: { width: 920, height: 640 }, ...options });
  const page = await context.newPage();
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => {
    if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(stack.url))
      problems.push(`asked ${request.url()}`);
  });
  await page.addInitScript(`sessionStorage.setItem("tracksolid-edge.key", "${given}")`);
  if (!hasWebGl) await page.addInitScript(NO_WEBGL);
  await page.goto(stack.url + path);
  return page;
}

async function answer<T>(path: string, query: Record<string, string> = SPAN): Promise<T> {
  const response = await stack.fetch(`${path}?${new URLSearchParams(query)}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

const clock = (page: Page) => page.locator(".history-time").textContent();
const wallTime = (ms: number) => new Date(ms + 3 * 3_600_000).toISOString().slice(11, 19);
const strip = (page: Page, label: string) => page.getByRole("slider", { name: `${label}, what it did` });
/** Its figures, by what they are called. */
const figure = (page: Page, label: string, name: string) =>
  page
    .getByRole("article", { name: label })
    .locator("dl > div")
    .filter({ has: page.locator("dt", { hasText: new RegExp(`^${name}$`) }) })
    .locator("dd");

/** As the page writes it. */
const lasted = (s: number) => {
  const [h, min] = [Math.floor(s / 3600), Math.floor((s % 3600) / 60)];
  return (h > 0 ? `${h} h${min > 0 ? ` ${min} min` : ""}` : `${min} min`).replace(/ (?=h|min)/g, "\u00a0");
};

describe("a day", () => {
  it("is told as the API tells it, and is a file with the key", async () => {
    await derived(stack);
    const page = await open(ROUND);
    const path = `/v1/vehicles/${VAN}`;
    const done = await answer<Answers["Activity"]>(`${path}/activity`);
    const track = await answer<Answers["Track"]>(`${path}/track`);
    const { trips } = await answer<Answers["TripList"]>("/v1/trips", { ...SPAN, imei: VAN });
    expect(done.idlingS).toBeGreaterThan(600);
    for (const [name, seconds] of [
      ["Moving", done.movingS],
      ["Idling", done.idlingS],
      ["Parked", done.parkedS],
      ["Unknown", done.unknownS],
    ] as const) {
      await expect.poll(() => figure(page, "KDA 123A", name).textContent()).toBe(lasted(seconds));
    }
    expect(await figure(page, "KDA 123A", "Highest speed").textContent()).toBe(
      `${done.maxSpeedKmh}\u00a0km/h`,
    );
    expect(await figure(page, "KDA 123A", "Distance").textContent()).toMatch(
      /^1\d\d\u00a0kmby the odometer$/,
    );
    expect(await figure(page, "KDA 123A", "Trips").textContent()).toBe(String(trips.length));
    const stops = track.features.filter(({ properties }) => properties.kind === "stop");
    expect(await figure(page, "KDA 123A", "Stops").textContent()).toBe(String(stops.length));

    const rows = page.locator(".history-lists tbody tr");
    await expect.poll(() => rows.count()).toBe(trips.length);
    expect(await rows.first().textContent()).toContain(wallTime(Date.parse(trips.at(-1)?.startAt ?? "")));
    await page.getByText("Gaps", { exact: true }).click();
    await expect.poll(() => rows.count()).toBe(1);
    expect(await rows.first().textContent()).toMatch(/22\u00a0min.*km/);
    await page.getByText("Stops", { exact: true }).last().click();
    await expect.poll(() => rows.count()).toBe(stops.length);
    expect(await rows.nth(1).textContent()).toContain("Moi Avenue 12, Nairobi");
    await expect.poll(() => page.url()).toContain("list=stops");
    expect(await page.title()).toContain("KDA 123A, Tue 15 Sep");

    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "GPX" }).click();
    const file = await saved;
    expect(file.suggestedFilename()).toBe(`${VAN}-${HISTORY_DAY}.gpx`);
    expect(await readFile(await file.path(), "utf8")).toContain("<name>KDA 123A</name>");
  });

  it("ties strip, slider, lists, map and link to one instant", async () => {
    const page = await open(ROUND, { reducedMotion: "reduce" }, { hasWebGl: true });
    const done = await answer<Answers["Activity"]>(`/v1/vehicles/${VAN}/activity`);
    const sets = done.stretches
      .filter(({ state }) => state === "moving")
      .map(({ from }) => wallTime(Date.parse(from)));
    // It begins when somebody sets off.
    await expect.poll(() => clock(page)).toBe(sets[0]);
    await strip(page, "KDA 123A").focus();
    await page.keyboard.press("ArrowRight");
    const next = done.stretches.find(({ from }) => wallTime(Date.parse(from)) > (sets[0] ?? ""));
    await expect.poll(() => clock(page)).toBe(wallTime(Date.parse(next?.from ?? "")));
    expect(await page.locator(".history-state").textContent()).toBe("Idling");
    await page.getByLabel("Time of the day").focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => page.locator(".history-state").textContent()).toBe("Moving");
    const here = await clock(page);
    await expect.poll(() => page.url()).toMatch(/at=2026-09-15T\d\d:\d\d:\d\dZ/);
    await page.reload();
    await expect.poll(() => clock(page)).toBe(here);

    // A trip leads to its beginning, on the map too: a pointer there means the same instant.
    await page.waitForSelector('[data-map="full"]');
    const trip = page.locator(".history-lists tbody tr").nth(2);
    await trip.getByRole("button").click();
    const began = (await trip.locator("th, td").first().textContent()) ?? "";
    await expect.poll(() => clock(page)).toBe(began);
    await page.getByLabel("Time of the day").focus();
    await page.keyboard.press("Home");
    await expect.poll(() => clock(page)).toBe("00:00:00");
    const box = await page.locator(".history-map").boundingBox();
    if (!box) throw new Error("The map has no place");
    await page.locator(".history-map").scrollIntoViewIfNeeded();
    await expect
      .poll(
        async () => {
          const at = await page.locator(".history-map").boundingBox();
          await page.mouse.move((at?.x ?? 0) + box.width / 2 - 3, (at?.y ?? 0) + box.height / 2);
          await page.mouse.move((at?.x ?? 0) + box.width / 2, (at?.y ?? 0) + box.height / 2);
          return Math.abs(seconds(await clock(page)) - seconds(began));
        },
        { timeout: 20_000 },
      )
      // It stood there until then.
      .toBeLessThan(3_600);

    // And the speeds: their middle is noon.
    await page.locator(".history-dock .u-over").hover();
    await expect.poll(async () => Math.abs(seconds(await clock(page)) - 43_200)).toBeLessThan(300);
    await keepPictures(page, "history");
  });

  it("plays, and skips what stands still", async () => {
    const page = await open(`${ROUND}&at=2026-09-15T04:04:30Z&rate=60&skip=1`);
    await page.getByRole("button", { name: "Play" }).click();
    // 07:00 in the fleet's zone is under way; it stands from 07:05 and sets off again at 07:40.
    await expect.poll(async () => seconds(await clock(page)), { timeout: 30_000 }).toBeGreaterThan(27_600);
    await page.getByRole("button", { name: "Pause" }).click();
    const here = await clock(page);
    await expect.poll(() => page.url()).toContain("at=");
    expect(await clock(page)).toBe(here);
    expect(await page.locator(".history-state").textContent()).toBe("Moving");
  });

  it("shows several, one with a name that is no element, one that maps may not show", async () => {
    const page = await open(`/history?vehicle=${VAN},${HOSTILE},${HIDDEN}&day=${HISTORY_DAY}`);
    await expect.poll(() => page.getByRole("article").count()).toBe(3);
    await strip(page, HOSTILE_NAME).waitFor();
    expect(await page.locator("img[src=x]").count()).toBe(0);
    await page.getByText(/hidden on maps/).waitFor();
    const { movingS } = await answer<Answers["Activity"]>(`/v1/vehicles/${HIDDEN}/activity`);
    await expect.poll(() => figure(page, "KDB 777H", "Moving").textContent()).toBe(lasted(movingS));
    expect(await figure(page, "KDB 777H", "Stops").textContent()).toBe("unknown");
    expect(await violations(page)).toEqual([]);

    await page.getByRole("button", { name: "Remove KDB 777H" }).click();
    await expect.poll(() => page.getByRole("article").count()).toBe(2);
    await expect.poll(() => new URL(page.url()).searchParams.get("vehicle")).toBe(`${VAN},${HOSTILE}`);
    await page.goBack();
    await expect.poll(() => page.getByRole("article").count()).toBe(3);
  });

  it("of a fix a second is whole", async () => {
    const page = await open(`/history?vehicle=${DENSE}&day=${HISTORY_DAY}&at=2026-09-15T02:00:00Z`);
    await expect
      .poll(() => figure(page, "KDD 864S", "Moving").textContent(), { timeout: 60_000 })
      .toBe(lasted(86_399));
    const row = page.locator(".history-row-head");
    await expect.poll(() => row.textContent(), { timeout: 60_000 }).toContain("55\u00a0km/h");
    await page.getByLabel("Time of the day").focus();
    await page.keyboard.press("End");
    await expect.poll(() => row.textContent()).toContain("73\u00a0km/h");
    expect(await clock(page)).toBe("23:59:50");
  });
});

describe("a bad day", () => {
  it("makes of nonsense in the link a view that is one", async () => {
    const nonsense = "%3Csvg%2Fonload%3Dx%3E";
    const page = await open(
      `/history?vehicle=abc,${nonsense},${VAN},${VAN}&day=2026-13-99&at=${nonsense}&rate=7&list=${nonsense}&sort=${nonsense}&skip=2`,
    );
    await expect.poll(() => page.getByRole("article").count()).toBe(1);
    expect(await page.getByLabel("Day", { exact: true }).inputValue()).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(await page.getByRole("radio", { name: "30×" }).isChecked()).toBe(true);
    expect(await page.getByRole("radio", { name: "Trips" }).isChecked()).toBe(true);
    await page.getByText("No fix on this day").waitFor();
    await page.getByText("No trip began on this day").waitFor();
  });

  it("says what could not be loaded, and tries again", async () => {
    const page = await open("/history");
    await page.getByText("Choose a vehicle").waitFor();
    expect(await violations(page)).toEqual([]);
    const broken = {
      status: 503,
      contentType: "application/problem+json",
      body: '{"code":"database_unavailable","title":"Away"}',
    };
    await page.route(/\/v1\/(vehicles\/\d+\/(track|activity)|trips)/, (route) => route.fulfill(broken));
    // By keyboard alone.
    await page.getByRole("combobox").focus();
    await page.keyboard.type("KDA 123");
    await page.getByRole("option", { name: /KDA 123A/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByText(/Its way could not be loaded: Away/).waitFor();
    await page.getByText(/What it did could not be loaded: Away/).waitFor();
    expect(await figure(page, "KDA 123A", "Moving").textContent()).toBe("unknown");
    await page.unroute(/\/v1\/(vehicles\/\d+\/(track|activity)|trips)/);
    const again = page.getByRole("button", { name: "Try again" });
    await expect
      .poll(
        async () => {
          // It may have been tried by itself meanwhile.
          if ((await again.count()) > 0) {
            await again
              .first()
              .click({ timeout: 1_000 })
              .catch(() => {});
          }
          return (await page.getByRole("alert").allTextContents()).filter(Boolean);
        },
        { interval: 2_000, timeout: 30_000 },
      )
      .toEqual([]);
    await page.getByText("No fix on this day").waitFor();
  });

  it("says so where the key may not see it", async () => {
    const page = await open(ROUND, {}, { given: await stack.makeKey(["tickets:write"]) });
    await page.getByRole("dialog").waitFor();
    await expect.poll(() => page.getByText("This key may not see this").count()).toBeGreaterThan(0);
    expect(await page.getByText("Moi Avenue").count()).toBe(0);
  });

  it("is as good on a phone, in the dark, with less motion", async () => {
    const page = await open(ROUND, {
      ...{ viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true },
      ...{ colorScheme: "dark", reducedMotion: "reduce" },
    });
    await expect.poll(() => figure(page, "KDA 123A", "Moving").textContent()).toContain("h");
    await page.locator(".history-dock .u-over").waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
    const before = await clock(page);
    await page.getByRole("button", { name: "Play" }).tap();
    await expect.poll(() => clock(page)).not.toBe(before);
  });
});

it("met no error and asked nobody else", () => {
  expect(problems).toEqual([]);
});

const seconds = (text: string | null): number => {
  const [h = 0, min = 0, s = 0] = (text ?? "").split(":").map(Number);
  return (h * 60 + min) * 60 + s;
};
