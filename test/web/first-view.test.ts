import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startBrowser } from "../setup/browser.ts";
import { type Stack, startStack } from "../setup/harness.ts";

let browser: Browser;
let stack: Stack;

beforeAll(async () => {
  [browser, stack] = await Promise.all([startBrowser(), startStack({ world: { vehicles: 12 } })]);
  await stack.tick("* * * * *");
  await stack.lastRun("live");
});
afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
});

it("asks for the fleet once, before any script of the page has come, and shows it", async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  // No script answers: whatever is asked for meanwhile was asked for by the HTML and its head alone.
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/\/assets\/.*\.m?js$/, async (route) => {
    await held;
    await route.continue();
  });
  const live: string[] = [];
  page.on("request", (request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname === "/v1/live") live.push(search);
  });
  await page.goto(stack.url, { waitUntil: "commit" });
  await expect.poll(() => live).toEqual(["?format=columns&registry=true"]);
  release();
  await page.waitForSelector("[data-imei]");
  const shown = await page.locator("[data-imei]").count();
  expect(shown).toBeGreaterThan(0);
  expect(live).toHaveLength(1);
  await page.close();
});

it("reads MapLibre only after the list is there", async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  // Without the map's library the first view is whole, and stays.
  await page.route(/maplibre-gl/, (route) => route.abort());
  await page.goto(stack.url);
  await page.waitForSelector("[data-imei]");
  expect(await page.locator("canvas").first().isVisible()).toBe(true);
  await expect.poll(() => asked.some((path) => path.includes("maplibre-gl"))).toBe(true);
  const library = asked.findIndex((path) => path.includes("maplibre-gl"));
  expect(asked.slice(0, library)).toContain("/v1/live");
  await page.close();
});
