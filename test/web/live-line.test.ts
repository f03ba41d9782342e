import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject, it } from "vitest";
import { keyName } from "../../shared/access.ts";
import { NO_WEBGL, startBrowser } from "../setup/browser.ts";
import { type CuttableProxy, startCuttableProxy } from "../setup/cuttable-proxy.ts";
import { type Stack, startStack } from "../setup/harness.ts";

let browser: Browser;
let database: CuttableProxy;
let network: CuttableProxy;
let stack: Stack;
let context: BrowserContext;
let imei: string;
let speedKmh = 40;

beforeAll(async () => {
  database = await startCuttableProxy(Number(new URL(inject("cluster").adminUrl).port));
  [browser, stack] = await Promise.all([
    startBrowser(),
    startStack({
      world: { vehicles: 20, seed: 61 },
      databasePort: database.port,
      vars: { OPEN_READS: "", LIVE_RECONCILE_EVERY_S: "1" },
    }),
  ]);
  network = await startCuttableProxy(Number(new URL(stack.url).port));
  await stack.tick("* * * * *");
  await stack.lastRun("live");
  const [vehicle] = await stack.sql`select imei from tracksolid.live_positions where fix_at is not null`;
  imei = String(vehicle?.imei);
});
afterEach(() => context?.close());
afterAll(async () => {
  await browser?.close();
  await network?.[Symbol.asyncDispose]();
  await stack?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
});

/** Opens the live page with a key. @returns The page once it shows the fleet, and the key. */
async function open(prepare: (page: Page) => Promise<unknown> = async () => {}) {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.addInitScript(NO_WEBGL);
  await prepare(page);
  await page.goto(`http://127.0.0.1:${network.port}/?q=${imei}`);
  const key = await stack.makeKey(["read"]);
  await giveKey(page, key);
  return { page, key };
}

async function giveKey(page: Page, key: string): Promise<void> {
  await page.getByLabel("Access key", { exact: true }).fill(key);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.waitForSelector('html[data-live="live"]');
  await page.locator(row()).waitFor();
}

const row = () => `#list [data-imei="${imei}"]`;

const via = (page: Page, name: string) =>
  page.waitForSelector(`html[data-via="${name}"][data-live="live"]`, { timeout: 40_000 });

/** Gives a vehicle another speed in the database and waits until the list shows it. */
async function change(page: Page): Promise<void> {
  speedKmh += 1;
  await stack.sql`
    update tracksolid.live_positions
    set speed_kmh = ${speedKmh}, fix_at = now(), contact_at = now(), lng = lng + 0.001 where imei = ${imei}`;
  const value = page.locator(`${row()} .live-row-value`);
  await expect.poll(() => value.textContent(), { timeout: 30_000 }).toBe(`${speedKmh}\u00a0km/h`);
}

it("shows what changes as it changes, and goes on after the service was renewed", async () => {
  const { page } = await open();
  await via(page, "stream");
  expect(await page.textContent("#status")).toBe("20 vehicles · live");
  await change(page);
  await stack.evictLiveMap("close");
  await change(page);
  await via(page, "stream");
});

it("loses nothing while the line breaks every few seconds", async () => {
  const { page } = await open();
  await via(page, "stream");
  for (let times = 0; times < 3; times++) {
    await network.cut();
    await network.mend();
    await change(page);
    expect(await page.textContent("#status")).toContain("20 vehicles");
  }
  await via(page, "stream");
});

it("fills in the card of a vehicle", async () => {
  const { page } = await open();
  await stack.sql`update tracksolid.live_positions set satellites = 11 where imei = ${imei}`;
  await page.click(row());
  await expect.poll(() => page.textContent("#details")).toMatch(/Satellites11/);
  await stack.sql`update tracksolid.live_positions set satellites = 12 where imei = ${imei}`;
  await expect.poll(() => page.textContent("#details"), { timeout: 30_000 }).toMatch(/Satellites12/);
});

it("keeps its vehicles and says how old they are while the network is away", async () => {
  const { page } = await open();
  await via(page, "stream");
  await network.cut();
  await page.waitForSelector("#banner:visible", { timeout: 20_000 });
  expect(await page.textContent("#banner")).toMatch(/^As of \d\d:\d\d:\d\d\s\S+, \d+\ss ago: no connection$/);
  expect(await page.textContent("#status")).toBe("20 vehicles · not live");
  await network.mend();
  await page.waitForSelector("#banner", { state: "detached", timeout: 40_000 });
  await change(page);
  await via(page, "stream");
});

it("is back at once when the device is online again", async () => {
  const { page } = await open();
  await via(page, "stream");
  await network.cut();
  await context.setOffline(true);
  await page.waitForSelector("#banner:visible", { timeout: 20_000 });
  await network.mend();
  // By now the pauses are longer than what follows waits.
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  await context.setOffline(false);
  await page.waitForSelector("#banner", { state: "detached", timeout: 3_000 });
});

it("polls where WebSockets are blocked", async () => {
  const { page } = await open((page) => page.routeWebSocket(/.*/, (socket) => socket.close()));
  await via(page, "polling");
  await change(page);
  expect(await page.isVisible("#banner")).toBe(false);
});

it("asks for another key when its own is revoked, and keeps the picture", async () => {
  const { page, key } = await open();
  await via(page, "stream");
  const { KEYS } = await stack.bindings();
  await KEYS.delete(await keyName(key));
  await network.cut();
  await network.mend();
  await page.getByLabel("Access key", { exact: true }).waitFor({ timeout: 20_000 });
  expect(await page.textContent("#status")).toContain("20 vehicles");
  expect(await page.textContent("#banner")).toContain("an access key is needed");
  await giveKey(page, await stack.makeKey(["read"]));
  await via(page, "stream");
  await change(page);
});

it("says in plain words that the database is away, and when it is back", async () => {
  const { page } = await open();
  await via(page, "stream");
  await database.cut();
  await page.waitForSelector("#banner:visible", { timeout: 50_000 });
  expect(await page.textContent("#banner")).toMatch(
    /^As of \d\d:\d\d:\d\d\s\S+, \d+\ss ago: the database does not answer the server$/,
  );
  expect(await page.textContent("#status")).toContain("20 vehicles");
  await database.mend();
  await page.waitForSelector("#banner", { state: "detached", timeout: 40_000 });
  await change(page);
});

it("asks nothing in a night in which nobody sees it, and goes on in the morning", async () => {
  const { page } = await open((page) => page.clock.install());
  await via(page, "stream");
  const hide = (hidden: boolean) =>
    page.evaluate(
      `Object.defineProperty(document, "hidden", { configurable: true, value: ${hidden} });
       document.dispatchEvent(new Event("visibilitychange"));`,
    );
  await hide(true);
  await page.clock.fastForward(61_000);
  await page.waitForSelector('html[data-via="none"]');
  const asked: string[] = [];
  page.on("request", (request) => {
    // What is left of its own files may still come.
    if (!request.url().includes("/assets/")) asked.push(request.url());
  });
  await page.clock.fastForward("09:00:00");
  expect(asked).toEqual([]);
  await hide(false);
  await via(page, "stream");
  await change(page);
});
