import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import type { Answers } from "../../web/client/types.js";
import { violations } from "../setup/accessibility.ts";
import { startBrowser } from "../setup/browser.ts";
import { COVERED_DAY, COVERED_FROM_MS, fillCoverage, HOSTILE } from "../setup/coverage-days.ts";
import { type Stack, startStack } from "../setup/harness.ts";
import { keepPictures } from "../setup/pictures.ts";

const VEHICLES = 800;
const HOUR_MS = 3_600_000;
const DAY = { from: iso(0), to: iso(24) };

let browser: Browser;
let stack: Stack;
let context: BrowserContext;
let admin: string;
/** Of the vendor, and the one that misses most. */
let imei: string;
const problems: string[] = [];

beforeAll(async () => {
  [browser, stack] = await Promise.all([
    startBrowser(),
    startStack({ world: { vehicles: 2 }, vars: { OPEN_READS: "" } }),
  ]);
  admin = await stack.makeKey(["read", "admin"]);
  await stack.tick("* * * * *");
  await stack.lastRun("live");
  await vi.waitFor(
    async () => {
      const found = await stack.sql<
        { imei: string }[]
      >`select imei from tracksolid.live_positions order by imei`;
      expect(found).toHaveLength(2);
      imei = found[0]?.imei ?? "";
    },
    { timeout: 15_000, interval: 100 },
  );
  await fillCoverage(stack.sql, VEHICLES);
  await stack.sql`
    insert into reporting.coverage_hours (imei, hour, have_s, recovered_s, missing_s)
    values (${imei}, ${iso(10)}, 0, 100, 3400), (${imei}, ${iso(11)}, 1800, 900, 900)`;
});
afterEach(async () => {
  await context?.close();
  expect(problems.splice(0)).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
});

function iso(hour: number): string {
  return new Date(COVERED_FROM_MS + hour * HOUR_MS).toISOString();
}

async function open(
  query: Record<string, string> = {},
  { key = admin, width = 1440, dark = false } = {},
): Promise<Page> {
  context = await browser.newContext({
    viewport: { width, height: 850 },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.on("pageerror", (error) => problems.push(error.message));
  await page.addInitScript(`sessionStorage.setItem("tracksolid-edge.key", "${key}");`);
  await page.goto(`${stack.url}/coverage?${new URLSearchParams({ day: COVERED_DAY, ...query })}`);
  return page;
}

async function answer<N extends keyof Answers>(_: N, path: string, query: Record<string, string> = {}) {
  const headers = { authorization: `Bearer ${admin}` };
  const response = await stack.fetch(`${path}?${new URLSearchParams({ ...DAY, ...query })}`, { headers });
  expect(response.status).toBe(200);
  return (await response.json()) as Answers[N];
}

const grid = (page: Page) => page.getByRole("grid");
const selected = (page: Page) => page.getByRole("region", { name: "What is selected" });
const names = (page: Page) => grid(page).locator("[data-row]").allTextContents();
const minutes = (s: number) => `${Math.floor(s / 60)}\u00a0min`;

async function expectSound(page: Page): Promise<void> {
  // What is replaced in a moment is dimmed.
  await expect.poll(() => page.locator(".is-old").count()).toBe(0);
  expect(await page.locator("img").count()).toBe(0);
  expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  expect(await violations(page)).toEqual([]);
}

it("shows every vehicle and hour as the API has them, the worst first, and only what is in sight", async () => {
  const page = await open();
  await grid(page).waitFor();
  const { total, gaps } = await answer("Coverage", "/v1/coverage");
  const share = ((total.expectedS - total.missingS) / total.expectedS) * 100;
  const summary = page.getByRole("region", { name: "The fleet as it is shown" });
  expect(await summary.textContent()).toContain(`${share.toFixed(1)}\u00a0%`);
  expect(await summary.textContent()).toContain(
    `${total.vehicles.toLocaleString("en-GB")} vehicles under way`,
  );
  expect(await summary.textContent()).toContain(`${gaps.open} open · ${gaps.filled} filled`);

  await keepPictures(page, "coverage");

  expect(await grid(page).getAttribute("aria-rowcount")).toBe(String(VEHICLES + 2 + 2));
  expect((await names(page)).length).toBeLessThan(80);
  const { vehicles } = await answer("Coverage", "/v1/coverage", { imei, hours: "true" });
  expect(vehicles[0]?.hours).toMatchObject([
    { recoveredS: 100, missingS: 3400 },
    { haveS: 1800, missingS: 900 },
  ]);
  const cells = grid(page).locator("[data-at^='0,']");
  expect(await cells.nth(10).getAttribute("aria-label")).toContain(`Missing ${minutes(3400)}`);
  expect(await cells.nth(11).getAttribute("aria-label")).toContain(
    `Known 75\u00a0%, Have ${minutes(1800)}, Recovered ${minutes(900)}`,
  );
  expect(await cells.nth(3).getAttribute("aria-label")).toContain("nothing expected");

  await grid(page).evaluate((box) => box.scrollTo(0, 15_000));
  await expect
    .poll(() => grid(page).locator("[data-row]").first().getAttribute("data-row").then(Number))
    .toBeGreaterThan(400);
  expect((await names(page)).length).toBeLessThan(80);
  await expectSound(page);
});

it("goes from cell to cell by keyboard, selects, and says what is known of it", async () => {
  const page = await open({ q: "KDO 114C" });
  await grid(page).focus();
  for (let hour = 0; hour < 12; hour++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const part = selected(page);
  await part.getByText(/12:00 – 13:00/).waitFor();
  const active = await grid(page).getAttribute("aria-activedescendant");
  expect(await page.locator(`[id="${active}"]`).getAttribute("aria-selected")).toBe("true");
  const { vehicles } = await answer("Coverage", "/v1/coverage", {
    imei: "867000000000014",
    from: iso(12),
    to: iso(13),
  });
  expect(await part.textContent()).toContain(minutes(vehicles[0]?.missingS ?? -1));
  await part.getByRole("listitem").getByText("12:20 – 12:45").waitFor();
  expect(await part.locator(".coverage-gap-list").textContent()).toContain(
    "openIt moved without fixes · not asked yet",
  );

  await page.keyboard.press("Shift+ArrowRight");
  await part.getByText(/12:00 – 14:00/).waitFor();
  await page.waitForURL(/rows=867000000000014&cols=12\.\.13/);
  expect(await grid(page).locator("[data-at='0,13']").getAttribute("aria-selected")).toBe("true");
  const link = await part.getByRole("link", { name: /KDO 114C on .* in History/ }).getAttribute("href");
  expect(link).toContain(`/history?vehicle=867000000000014&day=${COVERED_DAY}`);
  await page.keyboard.press("Space");
  await part.getByText(/00:00 – 00:00/).waitFor();
  await expectSound(page);
  await page.keyboard.press("Escape");
  await part.getByText("Select a cell, a vehicle or a column").waitFor();
});

it("asks the vendor again for what is selected, and shows how that goes", async () => {
  const page = await open({ rows: imei, cols: "10..11" });
  await selected(page).getByRole("button", { name: "Ask Tracksolid again" }).click();
  const dialog = page.getByRole("dialog");
  expect(await dialog.textContent()).toContain("10:00 – 12:00");
  await dialog.getByRole("combobox").selectOption("trips");
  const posted = page.waitForRequest((request) => request.method() === "POST");
  await dialog.getByRole("button", { name: "Ask", exact: true }).click();
  expect((await posted).postDataJSON()).toEqual({ from: iso(10), to: iso(12), imeis: [imei] });
  await dialog.getByText("1 window of 1 vehicle").waitFor();
  await dialog.locator("p").getByRole("button", { name: "Close" }).click();
  const run = page.getByRole("region", { name: "Backfill of trips" });
  await run.getByText(/All was asked|Not all could be asked/).waitFor({ timeout: 20_000 });
  const id = new URL(page.url()).searchParams.get("run")?.split(":")[1] ?? "";
  const known = await answer("JobRunWithWindows", `/v1/jobs/trips/runs/${id}`);
  expect(known.plan).toMatchObject({ cause: "request", vehicles: 1, windows: 1, windowsLeft: 0 });
  await run.getByRole("button", { name: "Hide" }).click();
  await run.waitFor({ state: "detached" });
});

it("has the same as a table, as a file, by day, and on a phone in the dark", async () => {
  const page = await open(
    { by: "day", period: `${COVERED_DAY}..${COVERED_DAY}`, show: "recovered", account: "safari" },
    { width: 390, dark: true },
  );
  await grid(page).waitFor();
  const { vehicles, cells } = await answer("CoverageGrid", "/v1/coverage/grid", {
    by: "day",
    account: "safari",
  });
  const late = new Set(cells.vehicle.filter((_, at) => (cells.recoveredS[at] ?? 0) > 0)).size;
  await page.getByText(`${late} of ${vehicles.imei.length} vehicles`).waitFor();
  await grid(page).getByRole("gridcell").nth(2).click();
  await selected(page)
    .getByRole("link", { name: /by hour/ })
    .waitFor();
  await expectSound(page);

  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download CSV" }).click();
  const lines = (await readFile(await (await saved).path(), "utf8")).trim().split("\r\n");
  expect(lines[0]).toBe("imei,vehicle,account,city,from,to,expected_s,have_s,recovered_s,missing_s");
  expect(lines).toHaveLength(1 + late);
  await page.getByText("Table", { exact: true }).click();
  await expect.poll(() => page.getByRole("table").locator("tbody tr[data-key]").count()).toBeGreaterThan(20);
  await expectSound(page);
});

it("takes a hostile name for text, and a link of nonsense for its own day", async () => {
  const page = await open({ q: "onerror" });
  await expect.poll(() => names(page)).toEqual([HOSTILE]);
  expect(await page.title()).toContain("Coverage");
  await context.close();
  const other = await open({
    ...{
      day: "2026-02-31",
      by: "<script>",
      show: "x",
      sort: "-1",
      rows: "1..2",
      cols: "-4..99",
      run: "a:b",
      account: "a,b",
    },
  });
  await grid(other).waitFor();
  await selected(other).getByText("Select a cell, a vehicle or a column").waitFor();
  expect(await other.locator("input[type=date]").inputValue()).not.toBe("2026-02-31");
  await expectSound(other);
});

it("says what a key may not, and what did not come", async () => {
  const stranger = await open({}, { key: await stack.makeKey(["tickets:write"]) });
  await stranger.getByText("needs a key with the scope read").waitFor();
  await context.close();

  const reader = await open(
    { rows: imei, run: `trips:${crypto.randomUUID()}` },
    { key: await stack.makeKey(["read"]) },
  );
  await selected(reader).getByText("Needs the scope admin").waitFor();
  await reader.getByText("How the run goes needs a key with the scope admin").waitFor();
  await selected(reader).getByRole("button", { name: "Ask Tracksolid again" }).click({ force: true });
  expect(await reader.getByRole("dialog").count()).toBe(0);
  await context.close();

  const page = await open({ q: "no such vehicle" });
  await page.getByText("No vehicle matches").waitFor();
  await page.route(/coverage\/grid/, (route) => route.fulfill({ status: 503, body: "" }));
  await page.getByRole("button", { name: "Earlier day" }).click();
  await page.getByText("This could not be loaded").waitFor();
  await page.unroute(/coverage\/grid/);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("button", { name: "Clear the filters" }).last().click();
  await grid(page).waitFor();
});
