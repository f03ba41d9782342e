import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { violations } from "../setup/accessibility.ts";
import { NO_WEBGL, startBrowser } from "../setup/browser.ts";
import { type Stack, startStack } from "../setup/harness.ts";
import { keepPictures } from "../setup/pictures.ts";

let browser: Browser;
let stack: Stack;
let context: BrowserContext;
let key: string;

beforeAll(async () => {
  [browser, stack] = await Promise.all([
    startBrowser(),
    startStack({ world: { vehicles: 5, seed: 12 }, vars: { OPEN_READS: "" } }),
  ]);
  key = await stack.makeKey(["read"]);
  await stack.tick("* * * * *");
  await stack.lastRun("live");
});
afterEach(() => context?.close());
afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
});

/** A new tab, with a key unless the test gives it one by hand. */
async function open(
  path: string,
  options: BrowserContextOptions = {},
  given: string | null = key,
): Promise<Page> {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  await page.addInitScript(NO_WEBGL);
  if (given !== null) {
    await page.addInitScript(
      `if (!sessionStorage.getItem("tracksolid-edge.key")) sessionStorage.setItem("tracksolid-edge.key", "${given}");`,
    );
  }
  await page.goto(stack.url + path);
  return page;
}

const link = (page: Page, name: string) =>
  page.getByRole("navigation").getByRole("link", { name, exact: true });
const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name, exact: true });
const dialog = (page: Page) => page.getByRole("dialog");

async function giveKey(page: Page, text: string): Promise<void> {
  await page.getByLabel("Access key", { exact: true }).fill(text);
  await page.getByRole("button", { name: "Open", exact: true }).click();
}

it("asks for a key, refuses a wrong one, and keeps a right one for the tab alone", async () => {
  const page = await open("/coverage", {}, null);
  await dialog(page).waitFor();
  // There is nothing to see behind it.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await expect.poll(() => dialog(page).isVisible()).toBe(true);
  expect(await violations(page, "'dialog'")).toEqual([]);
  await keepPictures(page, "key");

  const refused = page.waitForResponse(
    (answer) => answer.url().endsWith("/v1/session") && answer.status() === 401,
  );
  await giveKey(page, `sk_${"x".repeat(43)}`);
  await refused;
  await dialog(page).waitFor();

  await giveKey(page, ` ${key} `);
  await dialog(page).waitFor({ state: "detached" });
  await heading(page, "Coverage").waitFor();
  expect(await page.evaluate("Object.values(localStorage).join() + document.cookie")).not.toContain(key);
  await page.reload();
  await heading(page, "Coverage").waitFor();
  expect(await dialog(page).count()).toBe(0);
});

it("asks for another key where the one that is given may not see the fleet", async () => {
  const page = await open("/", {}, await stack.makeKey(["tickets:write"]));
  await dialog(page).waitFor();
  await giveKey(page, key);
  await dialog(page).waitFor({ state: "detached" });
  await page.waitForSelector("html[data-live='live']");
});

it("goes from page to page by keyboard, tells where it is, and finds the way back", async () => {
  const page = await open("/coverage");
  await heading(page, "Coverage").waitFor();
  await page.evaluate("window.sameDocument = true");
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the page");

  await link(page, "Fleet").focus();
  await page.keyboard.press("Enter");
  await heading(page, "Fleet").waitFor();
  await expect.poll(() => page.evaluate("document.activeElement.textContent")).toBe("Fleet");
  expect(new URL(page.url()).pathname).toBe("/fleet");
  expect(await page.title()).toBe("Fleet · tracksolid-edge");
  expect(await link(page, "Fleet").getAttribute("aria-current")).toBe("page");

  await page.goBack();
  await heading(page, "Coverage").waitFor();
  await expect.poll(() => page.title()).toBe("Coverage · tracksolid-edge");
  expect(await page.evaluate("window.sameDocument")).toBe(true);
});

it("says when a page does not load, and tries again: of a version that is gone, by loading the newer one", async () => {
  const page = await open("/coverage");
  await heading(page, "Coverage").waitFor();
  await page.evaluate("window.sameDocument = true");
  await page.route(/\/assets\/.*\.js$/, (route) => route.abort());
  await link(page, "Fleet").click();
  await page.getByText("This page did not load").waitFor();
  // Without a connection there is no newer one: what is there stays.
  await context.setOffline(true);
  const unanswered = page.waitForEvent("requestfailed", (request) => request.method() === "HEAD");
  await page.getByRole("button", { name: "Try again" }).click();
  await unanswered;
  await page.getByText("This page did not load").waitFor();
  expect(await page.evaluate("window.sameDocument")).toBe(true);
  await context.setOffline(false);
  await page.unroute(/\/assets\/.*\.js$/);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect.poll(() => page.evaluate("window.sameDocument")).toBeUndefined();
  await heading(page, "Fleet").waitFor();
  await page.getByText("This page did not load").waitFor({ state: "detached" });
});

it("loads itself anew when the sign-in before it has ended, and where that leads nowhere has a button for it", async () => {
  const page = await open("/coverage");
  // Whatever is still asked for would meet it first.
  await page.waitForLoadState("networkidle");
  await page.evaluate("window.sameDocument = true");
  const answers = /\/v1\//;
  await page.route(answers, (route) =>
    route.fulfill({ status: 302, headers: { location: "https://login.example.com/" } }),
  );
  await link(page, "Fleet").click();
  await expect.poll(() => page.evaluate("window.sameDocument")).toBeUndefined();
  // It has been there already.
  await page.locator("#banner").filter({ hasText: "signed out" }).waitFor();
  await page.evaluate("window.sameDocument = true");
  await page.locator("#banner").getByRole("button", { name: "Reload" }).click();
  await expect.poll(() => page.evaluate("window.sameDocument")).toBeUndefined();
  // Somebody signs in at another tab; what is asked then need not be waited for.
  await page.locator("#banner").filter({ hasText: "signed out" }).waitFor();
  await page.unroute(answers);
  await page.evaluate('dispatchEvent(new Event("online"))');
  await page.locator("#banner").waitFor({ state: "detached" });
  await heading(page, "Fleet").waitFor();
});

it("keeps the colours that the reader chose", async () => {
  const page = await open("/coverage", { colorScheme: "light" });
  await heading(page, "Coverage").waitFor();
  const back = () => page.evaluate("getComputedStyle(document.documentElement).backgroundColor");
  const light = await back();
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByText("Dark", { exact: true }).click();
  await expect.poll(back).not.toBe(light);
  const dark = await back();
  await page.reload();
  await heading(page, "Coverage").waitFor();
  expect(await back()).toBe(dark);
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByText("As the device", { exact: true }).click();
  await expect.poll(back).toBe(light);
});

it("says how old the picture is by the server's clock, on a device whose own is wrong by hours", async () => {
  for (const hours of [-7, 5]) {
    const page = await open("/coverage");
    await page.addInitScript(`{ const real = Date.now; Date.now = () => real() + ${hours} * 3_600_000; }`);
    await page.goto(stack.url);
    await page.waitForSelector("html[data-live='live']");
    await context.setOffline(true);
    const banner = page.locator("#banner");
    await banner.filter({ hasText: "ago: this device is offline" }).waitFor({ timeout: 30_000 });
    const words = (await banner.textContent()) ?? "";
    const [, clock = "", age] = /^As of (\d\d:\d\d):\d\d.EAT, (\d+).(?:s|min) ago: /.exec(words) ?? [words];
    expect(Number(age)).toBeLessThan(60);
    const nearby = [-2, -1, 0, 1].map((minutes) => timeInNairobi(Date.now() + minutes * 60_000));
    expect(nearby).toContain(clock);
    await context.setOffline(false);
    await banner.waitFor({ state: "detached", timeout: 30_000 });
    await context.close();
  }
});

it("says that the device is offline on pages that follow nothing, too", async () => {
  const page = await open("/coverage");
  await heading(page, "Coverage").waitFor();
  await context.setOffline(true);
  await page.locator("#banner").filter({ hasText: "this device is offline" }).waitFor();
  await context.setOffline(false);
  await page.locator("#banner").waitFor({ state: "detached" });
});

for (const colorScheme of ["light", "dark"] as const) {
  it(`hides nothing from a screen reader, ${colorScheme}`, async () => {
    const page = await open("/coverage", { colorScheme, viewport: { width: 390, height: 844 } });
    await heading(page, "Coverage").waitFor();
    await page.getByRole("button", { name: "More" }).click();
    await page.getByText("Signed in as").waitFor();
    // What lies within a page is looked at by the page's own test.
    expect(await violations(page, '{ exclude: [["main"]] }')).toEqual([]);
    await link(page, "Ingest").click();
    await heading(page, "Ingest").waitFor();
    expect(await page.getByText("Signed in as").isVisible()).toBe(false);
  });
}

const timeInNairobi = (ms: number): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone: "Africa/Nairobi", hour: "2-digit", minute: "2-digit" }).format(
    ms,
  );
