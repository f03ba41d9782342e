import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startBrowser } from "../setup/browser.ts";
import { type Stack, startStack } from "../setup/harness.ts";

let browser: Browser;
let stack: Stack;

beforeAll(async () => {
  [browser, stack] = await Promise.all([startBrowser(), startStack({ world: { vehicles: 1 } })]);
});
afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
});

it.each([
  ["a desk in the dark", 1280, "dark"],
  ["a desk in the light", 1280, "light"],
  ["a phone in the dark", 390, "dark"],
  ["a small phone in the light", 320, "light"],
] as const)("can be read at %s, without scripts", async (_, width, colorScheme) => {
  const page = await browser.newPage({
    viewport: { width, height: 800 },
    colorScheme,
    javaScriptEnabled: false,
  });
  const problems: string[] = [];
  page.on("console", (message) => problems.push(message.text()));
  page.on("requestfailed", (request) => problems.push(request.url()));
  page.on("request", (request) => {
    if (!request.url().startsWith(stack.url)) problems.push(`asked ${request.url()}`);
  });
  await page.goto(`${stack.url}/docs#too_many_requests`);
  expect(await page.locator("#too_many_requests").isVisible()).toBe(true);

  // The stylesheet was let in: text and ground are far apart, in the colours of the scheme.
  const colour = (property: string) =>
    page.evaluate<string>(`getComputedStyle(document.documentElement).getPropertyValue("${property}")`);
  const [ink, back] = [await colour("color"), await colour("background-color")];
  const brightness = (colour = "") =>
    (colour.match(/\d+/g) ?? []).reduce((sum, part) => sum + Number(part), 0) / 3;
  expect(Math.sign(brightness(ink) - brightness(back))).toBe(colorScheme === "dark" ? 1 : -1);
  expect(Math.abs(brightness(ink) - brightness(back))).toBeGreaterThan(150);

  // Nothing is wider than the screen; what scrolls, scrolls within.
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);

  await page.locator('nav a[href="#get-v1-live"]').click();
  const top = (await page.locator("#get-v1-live").boundingBox())?.y ?? Number.NaN;
  expect(Math.abs(top)).toBeLessThan(60);
  await page.locator("#get-v1-live summary").first().click();
  expect(await page.locator("#get-v1-live details pre").first().isVisible()).toBe(true);
  expect(problems).toEqual([]);
  await page.close();
});
