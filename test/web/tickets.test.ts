import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { violations } from "../setup/accessibility.ts";
import { NO_WEBGL, startBrowser } from "../setup/browser.ts";
import { fillDispatch, HOSTILE, INCIDENTS } from "../setup/dispatch.ts";
import { type Stack, startStack } from "../setup/harness.ts";
import { keepPictures } from "../setup/pictures.ts";

const PHONE = { viewport: { width: 390, height: 844 } };

let browser: Browser;
let stack: Stack;
let context: BrowserContext;
let key: string;

beforeAll(async () => {
  [browser, stack] = await Promise.all([
    startBrowser(),
    startStack({ world: { vehicles: 1, seed: 31 }, vars: { OPEN_READS: "" } }),
  ]);
  await fillDispatch(stack.sql);
  // More than a page of the API, in a month of their own.
  await stack.sql`
    insert into tickets.change_requests (number, opened_at, resolved_at, priority, raw, told_at)
    select 'CRQ-' || n, at, at + interval '1 hour', 'P' || n % 4, '{}', at
    from generate_series(1, 450) n, lateral (select timestamptz '2026-08-01T06:00:00Z' + n * interval '1 hour' as at) t`;
  key = await stack.makeKey(["read"]);
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
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  await page.addInitScript(`sessionStorage.setItem("tracksolid-edge.key", "${given}");`);
  if (!hasWebGl) await page.addInitScript(NO_WEBGL);
  await page.goto(stack.url + path);
  return page;
}

const api = async <T>(path: string): Promise<T> => {
  const response = await stack.fetch(path, { headers: { authorization: `Bearer ${key}` } });
  return (await response.json()) as T;
};

/** Numbers and their units are held together: here by common blanks. */
const textOf = async (of: Locator) => (await of.allInnerTexts()).join("\n").replaceAll("\u00a0", " ");
const list = (page: Page) => page.getByRole("listbox");
const rows = (page: Page) => list(page).getByRole("option");
const numbers = (page: Page) =>
  rows(page).evaluateAll((found) => found.map((row) => row.getAttribute("data-number")));
const choice = (page: Page, name: string) => page.getByRole("combobox", { name, exact: true });
const details = (page: Page) => page.locator("#ticket");
const search = (page: Page) => new URL(page.url()).searchParams;
const openNumbers = INCIDENTS.filter(({ resolvedH }) => resolvedH === undefined)
  .sort((a, b) => a.openedH - b.openedH)
  .map(({ number }) => number);

interface Visit {
  durationS: number;
  fixes: number;
  imei: string;
  plate: string;
  arrivedAt: string;
}

it("shows open incidents, and of the one chosen by keyboard who was there, how long, and who is near", async () => {
  const page = await open("/tickets", { viewport: { width: 960, height: 600 } }, { hasWebGl: true });
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  // In software that takes seconds, on a busy machine many.
  await page.waitForSelector(".map[data-map='full']", { timeout: 90_000 });
  await rows(page).first().waitFor();
  expect(await numbers(page)).toEqual(openNumbers);
  const at = openNumbers.indexOf("INC-20482");
  await list(page).focus();
  for (let step = 0; step < at; step += 1) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");

  const { visit } = await api<{ visit: Visit }>("/v1/tickets/incidents/INC-20482");
  await details(page).getByText(`${visit.plate} was there`).waitFor();
  const facts = await textOf(details(page));
  expect(facts).toContain(`${Math.floor(visit.durationS / 60)} min`);
  expect(facts).toMatch(new RegExp(`Fixes\\s+${visit.fixes}\\s`));
  expect(facts).toMatch(/Open, visited[\s\S]*P1[\s\S]*On site[\s\S]*Eastleigh/);
  expect(
    await details(page).getByRole("link", { name: "The visit in History" }).getAttribute("href"),
  ).toMatch(new RegExp(`^/history\\?vehicle=${visit.imei}&day=[-\\d]+&at=${visit.arrivedAt.slice(0, 19)}Z$`));

  const { vehicles } = await api<{ vehicles: { plate: string; imei: string }[] }>(
    `/v1/nearest?lat=${String(INCIDENTS[1]?.at?.lat)}&lng=${String(INCIDENTS[1]?.at?.lng)}&n=6`,
  );
  const near = details(page).locator("ol").getByRole("link");
  await expect.poll(() => near.count()).toBe(6);
  const shown = await near.locator("b").allInnerTexts();
  expect(shown).toEqual(vehicles.map(({ plate }) => plate));
  expect(shown[0]).toBe("KDC 206M");
  expect(await near.first().getAttribute("href")).toBe(`/?vehicle=${vehicles[0]?.imei}&follow=1`);
  expect(await textOf(near.first())).toMatch(/m\s[\s\S]*Idling · Chebet Wanjiru[\s\S]*fix \d+\s(s|min) ago/);
  await expect.poll(() => search(page).get("ticket")).toBe("INC-20482");
  expect(await page.title()).toBe("INC-20482 · Tickets · tracksolid-edge");
  expect(await violations(page)).toEqual([]);
  await keepPictures(page, "tickets");

  // On a phone the list makes room for what was chosen.
  await list(page).focus();
  await page.keyboard.press("Escape");
  await details(page).waitFor({ state: "detached" });
  await expect.poll(() => page.evaluate("document.activeElement.id")).toBe("ticket-list");
  expect(errors).toEqual([]);
});

it("finds tickets by what the link says, and takes nonsense in it for nothing", async () => {
  const page = await open(
    "/tickets?kind=x&status=y&opened=99..1&ticket=..&sort=q&at=a,b&visited=maybe&priority=%00&q=%20",
  );
  await rows(page).first().waitFor();
  expect(await numbers(page)).toEqual(openNumbers);
  await page.goto(`${stack.url}/tickets?sort=due`);
  await rows(page).first().waitFor();
  expect((await numbers(page))[0]).toBe("INC-20485");
  await page.goto(`${stack.url}/tickets?visited=no`);
  await expect.poll(() => numbers(page)).toEqual(["INC-20485"]);
  await page.goto(`${stack.url}/tickets?assignee=ACHIENG%20Otieno`);
  await expect.poll(() => numbers(page)).toEqual(["INC-20481"]);

  await page.getByRole("button", { name: "Filters: 1 set" }).click();
  expect(await choice(page, "Assigned to").inputValue()).toBe("achieng otieno");
  await choice(page, "Assigned to").selectOption("");
  await choice(page, "Priority").selectOption("P1");
  await expect.poll(() => numbers(page)).toEqual(["INC-20482", "INC-20485"]);
  await expect.poll(() => search(page).toString()).toBe("priority=P1");
  await page.getByLabel("Search number, area or assignee").fill("industrial");
  await expect.poll(() => numbers(page)).toEqual(["INC-20485"]);
  await page.getByLabel("Search number, area or assignee").fill("INC-20401");
  await page.getByRole("button", { name: "Look for number “INC-20401”" }).click();
  await details(page).getByText("Resolved, visited").waitFor();
  expect(await textOf(details(page))).toMatch(/Longest gap\s+2\d min/);
});

it("lists those without a place as such, and says what that leaves unknown", async () => {
  const page = await open("/tickets", PHONE);
  await page.getByRole("button", { name: "1 without a place" }).click();
  await expect.poll(() => numbers(page)).toEqual(["INC-20484"]);
  await rows(page).first().click();
  await details(page).getByText("No place is known").waitFor();
  await details(page).getByText("Nobody can tell: the ticket has no place").waitFor();
  expect(await details(page).getByText("Nearest vehicles now").count()).toBe(0);
  // It covers the list, which nobody can come to then.
  expect(await page.evaluate("document.activeElement.id")).toBe("ticket-title");
  expect(await list(page).isVisible()).toBe(false);
  expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
  expect(await violations(page)).toEqual([]);
});

it("holds hundreds of tickets page by page with only the rows in sight, and leads to the other kind", async () => {
  const page = await open("/tickets?kind=change-requests&status=resolved&opened=2026-08-01..2026-08-31");
  await page.getByText("450 shown").waitFor();
  expect(await rows(page).count()).toBeLessThan(40);
  await list(page).focus();
  await page.keyboard.press("End");
  await expect.poll(async () => (await numbers(page)).at(-1)).toBe("CRQ-1");
  await page.goto(`${stack.url}/tickets?ticket=CRQ-7710`);
  await page.getByText("No such ticket here").waitFor();
  await page.getByRole("link", { name: "Look among the change requests" }).click();
  await details(page).getByText("KDB 205L").first().waitFor();
});

it("says what failed and what a key may not see, and takes names for text", async () => {
  const page = await open("/coverage");
  await page.route(/\/v1\/tickets\//, (route) => route.abort());
  await page.getByRole("navigation").getByRole("link", { name: "Tickets" }).click();
  await page.getByText("This could not be loaded").waitFor();
  await page.unroute(/\/v1\/tickets\//);
  await page.getByRole("button", { name: "Try again" }).click();
  await rows(page).first().waitFor();
  await rows(page).first().click();
  await details(page).getByRole("heading", { name: HOSTILE }).waitFor();
  // What nobody knows is not far away.
  await details(page).getByText("Nobody knows where").waitFor();
  expect(await textOf(details(page))).toMatch(/Nearest\s+unknown/);
  expect(await page.locator(".tickets img, .tickets script").count()).toBe(0);
  expect(await page.title()).toContain(HOSTILE);
  await context.close();

  const refused = await open("/tickets", {}, { given: await stack.makeKey(["geofences:write"]) });
  await refused.locator(".tickets").getByText("This key may not see this").waitFor();
});
