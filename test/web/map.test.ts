import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { startBrowser } from "../setup/browser.ts";
import { type CuttableProxy, startCuttableProxy } from "../setup/cuttable-proxy.ts";
import { type Stack, startStack } from "../setup/harness.ts";

let browser: Browser;
let proxy: CuttableProxy;
let stack: Stack;
const problems: string[] = [];

beforeAll(async () => {
  proxy = await startCuttableProxy(Number(new URL(inject("cluster").adminUrl).port));
  [browser, stack] = await Promise.all([
    startBrowser(),
    startStack({ world: { vehicles: 20, seed: 61 }, databasePort: proxy.port, vars: { OPEN_READS: "" } }),
  ]);
  const [first] = await stack.world.vehicles();
  await stack.world.override(first?.imei ?? "", { patch: { deviceName: "<img src=x onerror=alert(1)>" } });
  await stack.tick("* * * * *");
  await stack.lastRun("live");
});
afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
  await proxy?.[Symbol.asyncDispose]();
});

/** Opens the map and notes whatever a console complains of. */
async function open(width: number, height: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height } });
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(stack.url)) problems.push(`asked ${request.url()}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of (401|503)/.test(message.text()))
      problems.push(message.text());
  });
  await page.goto(stack.url);
  return page;
}

async function giveKey(page: Page): Promise<void> {
  await page.fill('#key-form input[name="key"]', await stack.makeKey(["read"]));
  await page.click("#key-form button");
  await page.waitForSelector("html[data-ready='1']");
}

it("asks for a key, shows every vehicle, finds one and tells about it", async () => {
  const page = await open(1280, 800);
  await page.waitForSelector("#key-form");
  await giveKey(page);
  expect(await page.textContent("#status")).toContain("20 vehicles");

  const [vehicle] = await stack.sql`select imei from tracksolid.live_positions where fix_at is not null`;
  const imei = String(vehicle?.imei);
  await page.fill("#search", imei);
  await page.click(`[data-imei="${imei}"]`);
  await page.waitForSelector("#details:visible");
  expect(await page.textContent("#details")).toContain(imei);
  // A name is text, whatever it holds.
  expect(await page.locator("img[src=x]").count()).toBe(0);

  const pixels = await page.locator("#map").screenshot();
  expect(pixels.byteLength).toBeGreaterThan(10_000);
  await page.close();
});

it("follows the fleet, and says so when what it shows is old", async () => {
  const page = await open(390, 844);
  await giveKey(page);
  const updates = async () => Number(await page.getAttribute("html", "data-updates"));
  const before = await updates();
  // One vehicle surely has news; on a quiet morning all twenty may stand still.
  const [, second] = await stack.world.vehicles();
  await stack.world.override(second?.imei ?? "", {
    patch: { gpsTime: { $fromNowS: -1 }, lat: "-1.3", lng: "36.8" },
  });
  await stack.tick("* * * * *");
  await expect.poll(updates, { timeout: 20_000 }).toBeGreaterThan(before);
  expect(await page.isVisible("#banner")).toBe(false);

  await proxy.cut();
  await page.waitForSelector("#banner:visible", { timeout: 40_000 });
  expect(await page.textContent("#banner")).toMatch(/\d\d:\d\d:\d\d/);
  expect(await page.textContent("#status")).toContain("20 vehicles");

  await proxy.mend();
  await page.waitForSelector("#banner", { state: "hidden", timeout: 80_000 });
  await page.close();
});

it("met no error and asked nobody else", () => {
  expect(problems).toEqual([]);
});
