import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Answers } from "../../web/client/index.js";
import { violations } from "../setup/accessibility.ts";
import { startBrowser } from "../setup/browser.ts";
import { FIGURE_VEHICLES, FIGURE_WEEK, fillFigures, HOSTILE } from "../setup/fleet-figures.ts";
import { type Stack, startStack } from "../setup/harness.ts";
import { keepPictures } from "../setup/pictures.ts";

const PERIOD = `${FIGURE_WEEK.from}..${FIGURE_WEEK.to}`;

let browser: Browser;
let stack: Stack;
let context: BrowserContext;
/** Shared by tests that need no other: scripts are read and compiled once. */
let usual: Page | undefined;
let key: string;
const problems: string[] = [];

beforeAll(async () => {
  [browser, stack] = await Promise.all([
    startBrowser(),
    startStack({ world: { vehicles: 1 }, vars: { OPEN_READS: "" } }),
  ]);
  key = await stack.makeKey(["read"]);
  await fillFigures(stack.sql);
});
afterEach(async () => {
  if (context !== usual?.context()) await context?.close();
});
afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
});

/** Opens the page with a state in its URL. */
async function open(
  query: Record<string, string> = {},
  options?: { given?: string; width?: number; height?: number; dark?: boolean },
): Promise<Page> {
  const url = `${stack.url}/fleet?${new URLSearchParams({ period: PERIOD, ...query })}`;
  if (options === undefined && usual?.isClosed() === false) {
    context = usual.context();
    await usual.goto(url);
    return usual;
  }
  const { given = key, width = 1280, height = 900, dark = false } = options ?? {};
  context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(stack.url) && !url.startsWith("blob:")) problems.push(`asked ${url}`);
  });
  await page.addInitScript(`sessionStorage.setItem("tracksolid-edge.key", "${given}");`);
  await page.goto(url);
  if (options === undefined) usual = page;
  return page;
}

/** The same of the API. */
async function answer<N extends keyof Answers>(
  _name: N,
  route: string,
  query: Record<string, string> = {},
): Promise<Answers[N]> {
  const response = await ask(route, query);
  return (await response.json()) as Answers[N];
}

async function ask(route: string, query: Record<string, string>): Promise<Response> {
  const search = new URLSearchParams({ ...FIGURE_WEEK, ...query });
  const headers = { authorization: `Bearer ${key}` };
  const response = await stack.fetch(`/v1/analytics/${route}?${search}`, { headers });
  expect(response.status).toBe(200);
  return response;
}

const tile = (page: Page, figure: string) => page.locator(`[data-figure="${figure}"]`);
const rows = (page: Page) => page.locator(".fleet-table tbody tr[data-key]");
const tab = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Figures" }).getByRole("link", { name, exact: true });

/** Cells of a column, as they stand. */
async function cells(page: Page, column: number): Promise<string[]> {
  await rows(page).first().waitFor();
  return (await rows(page).locator(`:nth-child(${column})`).allTextContents()).map(plain);
}

const plain = (text: string) => text.replaceAll("\u00a0", " ").trim();
const km = (value: number | null | undefined) =>
  value === null || value === undefined
    ? "unknown"
    : `${value.toLocaleString("en-GB", { minimumFractionDigits: value < 100 ? 1 : 0, maximumFractionDigits: value < 100 ? 1 : 0 })} km`;

it("tells of a period what the API does, beside the one before, and of how much it is known", async () => {
  const page = await open();
  const { figures, vehicles, vehicleDays } = await answer("FleetSummary", "fleet-summary");
  await tile(page, "distanceKm").waitFor();
  await keepPictures(page, "fleet");
  const text = async (figure: string) => plain((await tile(page, figure).textContent()) ?? "");

  const { value, before, change, changeShare, knownVehicleDays } = figures.distanceKm;
  expect(await text("distanceKm")).toContain(km(value));
  const sign = Number(change) > 0 ? "+" : "−";
  const share = `${sign}${(Math.abs(Number(changeShare)) * 100).toFixed(1)} %`;
  expect(await text("distanceKm")).toContain(
    `${share} ${Number(change) > 0 ? "more" : "less"} than ${km(before)} before`,
  );
  expect(await text("distanceKm")).toContain(
    `Known of ${Math.round((knownVehicleDays / vehicleDays) * 100)} % of days`,
  );
  expect(await text("vehiclesActive")).toContain(`${figures.vehiclesActive.value} of ${vehicles}`);

  // What nobody knows has its part of the time.
  const time = page.locator(".fleet-time .bars li").first();
  const { movingS, idlingS, parkedS, unknownS } = figures;
  const whole = [movingS, idlingS, parkedS, unknownS].reduce((sum, figure) => sum + Number(figure.value), 0);
  expect(plain((await time.textContent()) ?? "")).toContain(
    `Unknown ${Math.round((Number(unknownS.value) / whole) * 100)} %`,
  );

  await tile(page, "idlingS").getByRole("button", { name: "What “Idling” means" }).click();
  await page.getByRole("dialog", { name: "Idling" }).waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
});

it("lists every vehicle, also the silent one, in the order that the URL says", async () => {
  const page = await open({ sort: "-distance" });
  const { groups } = await answer("UtilisationList", "utilisation", { limit: "1000" });
  expect(groups).toHaveLength(FIGURE_VEHICLES);
  const known = groups.map(({ period }) => period?.distanceKm ?? null);
  const sorted = known.toSorted((a, b) => Number(b ?? -1) - Number(a ?? -1)).map(km);
  expect(await cells(page, 8)).toEqual(sorted);
  expect(sorted.at(-1)).toBe("unknown");

  await page.getByRole("button", { name: "Vehicle", exact: true }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get("sort")).toBe("name");
  await page.getByText("City", { exact: true }).last().click();
  const cities = await answer("UtilisationList", "utilisation", { group_by: "city" });
  await expect.poll(() => rows(page).count()).toBe(cities.groups.length);
  expect(await cells(page, 1)).toContain("without a city");

  // A row leads to what it is made of, and the browser's button back.
  await page.getByRole("button", { name: "Mombasa", exact: true }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get("city")).toBe("Mombasa");
  const inside = cities.groups.find(({ key: city }) => city === "Mombasa")?.period;
  await expect.poll(() => rows(page).count()).toBe(inside?.vehicles);
  await expect
    .poll(async () => plain((await tile(page, "distanceKm").textContent()) ?? ""))
    .toContain(km(inside?.distanceKm));
  await page.goBack();
  await expect.poll(() => rows(page).count()).toBe(cities.groups.length);
});

it("tells of distances, drivers, their clock and fuel what the API does", async () => {
  const page = await open({ tab: "distance" });
  const distance = await answer("DistanceDaily", "distance-daily");
  expect(await cells(page, 2)).toEqual(distance.days.map(({ period }) => km(period?.distanceKm)));
  expect(await page.title()).toBe("Distance · Fleet · tracksolid-edge");

  await tab(page, "Drivers").focus();
  await page.keyboard.press("Enter");
  const { drivers } = await answer("DriverBehaviourList", "driver-behaviour", { limit: "1000" });
  await expect.poll(() => rows(page).count()).toBe(drivers.length);
  const scores = drivers.map(({ period }) => period?.score ?? Number.NaN).sort((a, b) => a - b);
  expect(await cells(page, 3)).toEqual(scores.map((score) => score.toFixed(1)));
  expect(new URL(page.url()).searchParams.get("tab")).toBe("drivers");

  await tab(page, "Driver clock").click();
  const { days } = await answer("DriverClock", "driver-clock", { limit: "1000" });
  const counted = (status: string) => days.filter((day) => day.status === status).length;
  const expected = counted("on_time") + counted("late") + counted("missing");
  expect(counted("late")).toBeGreaterThan(0);
  await page.getByText(`${counted("on_time")} of ${expected} days with a shift`).waitFor();
  const late = (await cells(page, 4)).reduce((sum, cell) => sum + Number(cell), 0);
  expect(late).toBe(counted("late"));
  await page.getByText("Each day", { exact: true }).click();
  await expect
    .poll(() => page.locator(".fleet-table table").getAttribute("aria-rowcount"))
    .toBe(String(days.length + 1));

  await tab(page, "Fuel").click();
  const { totals } = await answer("FuelList", "fuel");
  const cost = totals.period?.costs[0]?.reported?.toLocaleString("en-GB", { minimumFractionDigits: 2 });
  await page.getByText(`KES\u00a0${cost}`, { exact: true }).waitFor();
  await expect.poll(() => rows(page).count()).toBe(FIGURE_VEHICLES);
});

it("saves the whole table as the API's file, with the key", async () => {
  const page = await open({ tab: "fuel", by: "city" });
  await rows(page).first().waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("fuel-2026-03-09-2026-03-15.csv");
  const saved = await readFile(await download.path(), "utf8");
  expect(saved).toBe(await (await ask("fuel", { group_by: "city", format: "csv" })).text());
  expect(saved).toContain("Mombasa");
});

it("shows a sensible view of a URL that makes no sense, and says where there is nothing", async () => {
  const page = await open({
    tab: "__proto__",
    period: "2026-99-99..x",
    by: "colour",
    sort: "-nothing",
    account: ",\0,",
  });
  await rows(page).first().waitFor();
  expect(await tab(page, "Utilisation").getAttribute("aria-current")).toBe("page");
  expect(await page.getByRole("radio", { name: "7 days" }).isChecked()).toBe(true);
  expect(await page.getByRole("radio", { name: "Vehicle" }).isChecked()).toBe(true);
  // Nothing has been heard of these days: unknown, not 0.
  expect(plain((await tile(page, "distanceKm").textContent()) ?? "")).toContain("unknown");
  await page.getByText("Nothing is known of this period").first().waitFor();

  const nowhere = await open({ city: "Atlantis" });
  await nowhere.getByText("No vehicle matches").waitFor();
  await nowhere.locator(".fleet-summary").getByRole("button", { name: "Clear filters" }).click();
  await tile(nowhere, "distanceKm").waitFor();
  await expect.poll(() => new URL(nowhere.url()).searchParams.has("city")).toBe(false);
});

it("shows whatever vehicles and drivers are called as text", async () => {
  const page = await open();
  await page.getByRole("rowheader", { name: HOSTILE.vehicle }).waitFor();
  await tab(page, "Drivers").click();
  await page.getByRole("rowheader", { name: HOSTILE.driver }).waitFor();
  expect(await page.locator("img[src=x], main script").count()).toBe(0);
  expect(await page.title()).toContain("tracksolid-edge");
});

it("says what is refused, and asks again for what failed", async () => {
  const refused = await open({}, { given: await stack.makeKey(["tickets:write"]) });
  await refused.getByText("Needs the scope read").waitFor();
  expect(await refused.locator(".fleet-tile").count()).toBe(0);
  await context.close();

  const page = await open({ tab: "distance" });
  await rows(page).first().waitFor();
  await page.route("**/v1/analytics/driver-behaviour*", (route) =>
    route.fulfill({
      status: 500,
      contentType: "application/problem+json",
      body: JSON.stringify({
        code: "internal_error",
        title: "Something broke",
        status: 500,
        requestId: "r-1",
      }),
    }),
  );
  await tab(page, "Drivers").click();
  await page.getByText("Something broke").waitFor();
  // The rest stands.
  await tile(page, "distanceKm").waitFor();
  await page.unroute("**/v1/analytics/driver-behaviour*");
  await page.getByRole("button", { name: "Try again" }).first().click();
  await rows(page).first().waitFor();
});

it.each([
  [1280, false, ["Utilisation", "Drivers"]],
  [360, true, ["Distance", "Driver clock", "Fuel"]],
] as const)(
  "has nothing that a checker of accessibility finds, nor runs off the screen: %i px",
  async (width, dark, names) => {
    // A few rows have all that many have.
    const page = await open({ city: "Mombasa" }, { width, height: 800, dark });
    for (const [at, name] of names.entries()) {
      await tab(page, name).click();
      await page.getByRole("heading", { level: 2, name, exact: true }).waitFor();
      await rows(page).first().waitFor();
      // What surrounds the tabs is the same for all.
      expect([name, await violations(page, at === 0 ? "document" : "'.fleet-charts, .fleet-table'")]).toEqual(
        [name, []],
      );
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
    }
  },
);

it("holds a fleet of thousands, of which it draws what is seen", async () => {
  await stack.sql`
    insert into tracksolid.devices (imei, account, facts_at, created_at, changed_at)
    select (869000000000000 + n)::text, 'crowd', now(), now(), now() from generate_series(1, 2500) n`;
  const page = await open({ account: "crowd" });
  await expect.poll(() => page.locator(".fleet-table table").getAttribute("aria-rowcount")).toBe("2501");
  expect(await rows(page).count()).toBeLessThan(200);
  // A row leads to the vehicle's day.
  await rows(page).first().click();
  await page.getByRole("heading", { level: 1, name: "History" }).waitFor();
  expect(new URL(page.url()).search).toBe(`?vehicle=869000000000001&day=${FIGURE_WEEK.to}`);
});

it("met no error and asked nobody else", () => {
  expect(problems).toEqual([]);
});
