import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { violations } from "../setup/accessibility.ts";
import { startBrowser } from "../setup/browser.ts";
import { DISPATCH_VEHICLES, fillDispatch, HOSTILE } from "../setup/dispatch.ts";
import { type Stack, startStack } from "../setup/harness.ts";
import { keepPictures } from "../setup/pictures.ts";
import { fillInsights, INSIGHTS, TOLD_DAY } from "../setup/told-day.ts";

const PHONE = { viewport: { width: 390, height: 844 } };

let browser: Browser;
let stack: Stack;
let context: BrowserContext;
let key: string;

beforeAll(async () => {
  [browser, stack] = await Promise.all([
    startBrowser(),
    startStack({ world: { vehicles: 1, seed: 32 }, vars: { OPEN_READS: "" } }),
  ]);
  await fillDispatch(stack.sql);
  await fillInsights(stack.sql);
  key = await stack.makeKey(["read", "insights:write"]);
});
afterEach(() => context?.close());
afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
});

async function open(path: string, options: BrowserContextOptions = {}, { given = key } = {}): Promise<Page> {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  await page.addInitScript(`sessionStorage.setItem("tracksolid-edge.key", "${given}");`);
  await page.goto(stack.url + path);
  return page;
}

const api = async <T>(path: string): Promise<T> => {
  const response = await stack.fetch(path, { headers: { authorization: `Bearer ${key}` } });
  return (await response.json()) as T;
};

/** Numbers and their units are held together: here by common blanks. */
const textOf = async (of: Locator) => (await of.allInnerTexts()).join("\n").replaceAll("\u00a0", " ");
const search = (page: Page) => new URL(page.url()).searchParams;
const card = (page: Page, title: string) => page.locator(".today-card", { hasText: title });

it("tells what of a day deserves attention, with its figures and the views that show it", async () => {
  const page = await open(`/today?day=${TOLD_DAY}`);
  await page.getByRole("heading", { name: /^6 things deserve attention/ }).waitFor();
  const titles = await page.locator(".today-card h3").allInnerTexts();
  expect(titles).toHaveLength(INSIGHTS.length);
  expect(new Set(titles)).toEqual(new Set(INSIGHTS.map(({ title }) => title)));
  const { vehicles } = await api<{ vehicles: number }>(
    `/v1/analytics/fleet-summary?from=${TOLD_DAY}&to=${TOLD_DAY}`,
  );
  await page.getByText(`Of 3 of ${vehicles} vehicles something is known`).waitFor();
  const [van, truck, car, bike] = DISPATCH_VEHICLES.map(({ imei }) => imei);
  const first = (title: string) => card(page, title).locator(".today-actions a").first().getAttribute("href");
  expect(await first("silent for")).toBe(`/?vehicle=${van}`);
  expect(await first("idled for")).toBe(`/history?vehicle=${truck}&day=${TOLD_DAY}`);
  expect(await first("141 km")).toBe(`/history?vehicle=${car}&day=${TOLD_DAY}&at=${TOLD_DAY}T12:00:00Z`);
  expect(await first("lost 23")).toBe(`/history?vehicle=${bike}&day=${TOLD_DAY}&at=${TOLD_DAY}T08:20:00Z`);
  expect(await first("without a visit")).toBe("/tickets?ticket=INC+7%2F8");
  // Sentences of the API have instants in UTC; here they are in the fleet's time, three hours ahead.
  await card(page, "without a visit").getByText("Resolved at 15 Sept 15:30").waitFor();
  expect(await first("began 42 min late")).toMatch(/^\/fleet\?tab=clock/);
  expect(await page.locator(".today img").count()).toBe(0);

  const fuel = card(page, "lost 23");
  await fuel.getByRole("button", { name: "Figures" }).click();
  await expect.poll(() => textOf(fuel)).toMatch(/Lost\s+23.4\sl[\s\S]*Confidence\s+90\s%/);
  await fuel.getByRole("row", { name: /11:20 15 Sept 11:40 71 42 percent/ }).waitFor();
  await keepPictures(page, "today");
  expect(await violations(page)).toEqual([]);
  await page.getByText("High", { exact: true }).first().click();
  await page.getByRole("heading", { name: /^2 things deserve attention/ }).waitFor();
  await expect.poll(() => search(page).get("severity")).toBe("high");
});

it("keeps what people say of an insight, once, and sets it aside", async () => {
  const page = await open(`/today?day=${TOLD_DAY}`, PHONE);
  const idle = card(page, "idled for 2 h 35 min");
  await idle.getByRole("button", { name: "Explained" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Keep it" }).click();
  await dialog.getByText("Write what is behind it.").waitFor();
  await dialog.getByLabel("What is behind it").fill(`Cooling unit ran ${HOSTILE}`);
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Keep it" }).click();
  await dialog.getByText("It is now listed under").waitFor();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("heading", { name: /^5 things deserve attention/ }).waitFor();
  await page.locator(".today-card[data-set-aside='true']").getByText(`Cooling unit ran ${HOSTILE}`).waitFor();
  await card(page, "idled for").getByRole("button", { name: "What people said" }).click();
  await card(page, "idled for").locator(".today-remarks li").first().waitFor();
  const { explained } = await api<{ explained: { title: string; remark: { verdict: string } }[] }>(
    `/v1/insights/daily?day=${TOLD_DAY}`,
  );
  expect(explained).toMatchObject([
    { title: "KDB 205L idled for 2 h 35 min", remark: { verdict: "explained" } },
  ]);
  expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
  await page.getByText("By kind", { exact: true }).click();
  const told = page.getByRole("row", { name: /^Idling/ });
  await expect.poll(() => textOf(told)).toMatch(/^Idling\s+1\s+0\s+1\s+0\s+0/);
});

it("says of an empty day on how much of the fleet that rests, and which scope a key lacks", async () => {
  const day = "2026-09-14";
  const page = await open(`/today?day=${day}&severity=worst`, {}, { given: await stack.makeKey(["read"]) });
  await page.getByText("Nothing deserves attention").waitFor();
  const { vehicles } = await api<{ vehicles: number }>(`/v1/analytics/fleet-summary?from=${day}&to=${day}`);
  expect(vehicles).toBeGreaterThan(0);
  await page.getByText("Nothing is known of what any vehicle did").waitFor();
  await page.getByText("Needs the scope insights:write").waitFor();
  await page.goto(`${stack.url}/today?day=${TOLD_DAY}`);
  await card(page, "lost 23").waitFor();
  expect(await page.locator(".today-card").getByRole("button", { name: "Wrong" }).count()).toBe(0);
  const { day: yesterday } = await api<{ day: string }>("/v1/insights/daily");
  await page.goto(`${stack.url}/today?day=2199-99-99`);
  await expect.poll(() => page.getByLabel("Day", { exact: true }).inputValue()).toBe(yesterday);
  await page.route(/\/v1\/insights\/daily/, (route) =>
    route.fulfill({ status: 503, json: { code: "x", title: "Away" } }),
  );
  await page.getByRole("button", { name: "Earlier day" }).click();
  await page.getByText("This could not be loaded").waitFor();
});
