import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { violations } from "../setup/accessibility.ts";
import { NO_WEBGL, startBrowser } from "../setup/browser.ts";
import { PUSH_TOKEN, type Stack, startStack } from "../setup/harness.ts";
import { keepPictures } from "../setup/pictures.ts";

const HOSTILE = "<img src=x onerror=alert(1)>";

/** What is painted in software costs by the pixel, and by the frame. */
const PAINTED = { hasWebGl: true, viewport: { width: 920, height: 600 } };

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

let browser: Browser;
let stack: Stack;
let context: BrowserContext;
let key: string;
/** Of the vehicle that is on the map for sure, and of the one with the hostile name. */
let imei: string;
let hostile: string;
const problems: string[] = [];

beforeAll(async () => {
  [browser, stack] = await Promise.all([
    startBrowser(),
    startStack({ world: { vehicles: 20, seed: 61 }, vars: { OPEN_READS: "" } }),
  ]);
  const [first, second] = await stack.world.vehicles();
  hostile = first?.imei ?? "";
  imei = second?.imei ?? "";
  await stack.world.override(hostile, { patch: { deviceName: HOSTILE } });
  await stack.world.override(imei, { patch: { gpsTime: { $fromNowS: -1 }, lat: "-1.3", lng: "36.8" } });
  key = await stack.makeKey(["read", "admin"]);
  await stack.tick("* * * * *");
  await stack.lastRun("live");
});
afterEach(() => context?.close());
afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
});

/** Opens the page, and notes whatever a console complains of. @param given null: without a key */
async function open(
  path: string,
  {
    given = key,
    hasWebGl = false,
    ...options
  }: BrowserContextOptions & { given?: string | null; hasWebGl?: boolean } = {},
): Promise<Page> {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(stack.url) && !/^(blob|data):/.test(url)) problems.push(`asked ${url}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of (401|403)/.test(message.text()))
      problems.push(message.text());
  });
  if (!hasWebGl) await page.addInitScript(NO_WEBGL);
  if (given !== null) {
    await page.addInitScript(`sessionStorage.setItem("tracksolid-edge.key", "${given}");`);
  }
  await page.goto(stack.url + path);
  return page;
}

const option = (page: Page, of: string) => page.locator(`#list [data-imei="${of}"]`);
const whole = (page: Page, stage = "full") =>
  page.waitForSelector(`.map[data-map="${stage}"]`, { timeout: 60_000 });
const words = (page: Page) => new URL(page.url()).searchParams;

it("asks for a key, shows every vehicle, finds one and tells about it", async () => {
  const page = await open("/", { ...PAINTED, given: null, reducedMotion: "reduce" });
  await page.getByLabel("Access key", { exact: true }).fill(key);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await expect.poll(() => page.textContent("#status")).toBe("20 vehicles · live");
  expect(await page.locator("#list [role=option]").first().getAttribute("aria-setsize")).toBe("20");

  await page.fill("#search", hostile);
  await expect.poll(() => page.locator("#list [role=option]").count()).toBe(1);
  await option(page, hostile).click();
  await page.getByRole("region", { name: HOSTILE }).waitFor();
  // A name is text, whatever it holds.
  expect(await option(page, hostile).textContent()).toContain(HOSTILE);
  expect(await page.locator("img").count()).toBe(0);
  await expect.poll(() => page.textContent("#details")).toContain(hostile);
  await whole(page);
  expect((await page.locator(".map").screenshot()).byteLength).toBeGreaterThan(10_000);
  expect(await violations(page)).toEqual([]);
});

it("has all of its state in the link", async () => {
  const page = await open(`/?vehicle=${imei}`);
  await page.locator("#details").getByText(imei).waitFor();
  // It is brought into sight.
  await expect
    .poll(() => words(page).get("at")?.split(",").slice(0, 2).join(), { timeout: 20_000 })
    .toBe("-1.30000,36.80000");
  await page.getByRole("button", { name: "Follow" }).click();
  await page.getByRole("button", { name: /Parked$/ }).click();
  await expect.poll(() => words(page).get("status")).toBe("parked");
  await page.reload();
  await expect
    .poll(() => page.getByRole("button", { name: "Follow" }).getAttribute("aria-pressed"))
    .toBe("true");
  const parked = page.getByRole("button", { name: /Parked$/ });
  expect(await parked.getAttribute("aria-pressed")).toBe("true");
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await expect.poll(() => words(page).get("status")).toBe(null);
});

it("is used by the keyboard alone", async () => {
  const page = await open("/", { ...PAINTED, reducedMotion: "reduce" });
  const list = page.getByRole("listbox");
  await list.focus();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.locator("#details").waitFor();
  const active = await list.getAttribute("aria-activedescendant");
  expect(await page.locator(`[id="${active}"]`).getAttribute("aria-posinset")).toBe("19");
  expect(await page.locator("#list [aria-selected=true]").getAttribute("aria-posinset")).toBe("19");
  await page.keyboard.press("Escape");
  await page.locator("#details").waitFor({ state: "detached" });

  await whole(page);
  const before = () => Number(words(page).get("at")?.split(",")[2]);
  await expect.poll(before).toBeGreaterThan(0);
  const zoom = before();
  await page.locator(".maplibregl-canvas").focus();
  await page.keyboard.press("+");
  await expect.poll(before).toBeGreaterThan(zoom + 0.9);
});

it("selects what is clicked on, and tells who is nearest to a place", async () => {
  const page = await open("/?at=-1.3,36.8,15", { ...PAINTED, reducedMotion: "reduce" });
  await whole(page);
  const map = page.locator(".map");
  const box = await map.boundingBox();
  const position = { x: (box?.width ?? 0) / 2, y: (box?.height ?? 0) / 2 };
  await map.click({ position });
  await expect.poll(() => words(page).get("vehicle")).toBe(imei);
  await page.locator("#details").getByRole("button", { name: "Close" }).click();

  await map.click({ position: { ...position, y: position.y - 60 }, button: "right" });
  const nearest = page.locator(".live-nearest li").first();
  await nearest.waitFor();
  expect(await nearest.textContent()).toMatch(/[\d.]+\sk?m/);
  // The address follows in a moment.
  await expect.poll(() => words(page).get("near") ?? "").toMatch(/^-1\.29\d+,36\.80\d+$/);
  // Nearest first: within a few hundred metres, as it was put there.
  await nearest.getByRole("button").click();
  await expect.poll(() => words(page).get("vehicle")).toBe(imei);
  await page.locator("#details").getByText("Last 6 hours").waitFor();
  await keepPictures(page, "live");
});

it("groups ten thousand alarms that come at once, and keeps what was read", async () => {
  const page = await open("/?tab=alarms");
  await page.getByText("No alarms").waitFor();
  await stack.sql`
    insert into tracksolid.alarms
      (imei, canonical_code, alarm_time, code, alarm_type, alarm_name, source, sources, raw, received_at, lat, lng)
    select ${imei}, 'jimi:48', now() - n * interval '1 second', 'jimi:48', '48', ${HOSTILE}, 'push', 2, '{}',
      now(), -1.3, 36.8
    from generate_series(1, 10000) as n`;
  // The stream tells of those that the writer writes: one more, by the door of the vendor's pushes.
  const item = { imei: hostile, gateTime: "2026-01-15 08:15:02" };
  const one = { type: "DEVICE", msgClass: 0, ...item, msg: { alertType: 48, alarmTime: item.gateTime } };
  const body = JSON.stringify({ token: PUSH_TOKEN, data_list: [one] });
  await stack.fetch("/pushalarm", { method: "POST", body });
  const group = page.locator(".live-alarm[aria-expanded]");
  // It asks every 20 s by itself.
  await group.waitFor({ timeout: 15_000 });
  expect(await page.locator(".live-alarm").count()).toBe(1);
  expect(await group.textContent()).toContain(HOSTILE);
  expect(await page.getByText("Only the newest 200 are shown.").count()).toBe(1);
  await group.click();
  expect(await page.locator(".live-alarm").count()).toBe(51);
  await page.locator(".live-alarm").nth(1).click();
  await expect.poll(() => words(page).get("vehicle")).toBe(imei);
  expect(await group.textContent()).toContain("199 new");
  await page.getByRole("button", { name: "Mark all as read" }).click();
  expect(await page.getByRole("radio", { name: "Alarms", exact: true }).count()).toBe(1);
  await stack.sql`delete from tracksolid.alarms`;
});

it("asks for a position where the key may, and says which scope is missing where not", async () => {
  const page = await open(`/?vehicle=${imei}`);
  await page.getByRole("button", { name: "Ask for its position" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Ask for its position" }).click();
  await dialog.getByText(/newest fix is of \d\d:\d\d:\d\d/).waitFor({ timeout: 30_000 });
  await context.close();

  const less = await open(`/?vehicle=${imei}`, { given: await stack.makeKey(["read"]) });
  await less.getByText("Needs the scope admin").waitFor();
});

it("says so when the key may not read", async () => {
  const page = await open("/", { given: await stack.makeKey(["geofences:write"]) });
  await page.getByRole("dialog").waitFor();
  expect(await page.locator("#list [role=option]").count()).toBe(0);
});

it("works on a plain canvas where there is no WebGL, and says so", async () => {
  const page = await open("/?at=-1.3,36.8,15");
  await whole(page, "no-webgl");
  await page.getByText(/WebGL is off or missing/).waitFor();
  const map = page.locator(".map-base");
  await map.focus();
  await page.keyboard.press("-");
  await expect.poll(() => words(page).get("at")).toBe("-1.30000,36.80000,14.00");
  const box = await map.boundingBox();
  await map.click({ position: { x: (box?.width ?? 0) / 2, y: (box?.height ?? 0) / 2 } });
  await expect.poll(() => words(page).get("vehicle")).toBe(imei);
});

it("has a map of its own where the one that is set up does not come, and a plain one when its graphics are gone", async () => {
  const page = await open("/coverage", PAINTED);
  await page.route("**/style.json", (route) => route.fulfill({ status: 403, body: "" }));
  await page.route("**/v1/session", async (route) => {
    const answer = await route.fetch();
    const session = (await answer.json()) as { map: object };
    session.map = { ...session.map, styleUrl: `${stack.url}/style.json` };
    await route.fulfill({ response: answer, json: session });
  });
  await page.goto(`${stack.url}/?at=-1.3,36.8,15`);
  await whole(page);
  await page.getByText(/The map that is set up does not come/).waitFor();
  await page.evaluate(`document.querySelector(".maplibregl-canvas").getContext("webgl2")
    .getExtension("WEBGL_lose_context").loseContext()`);
  await whole(page, "no-webgl");
  const map = page.locator(".map-base");
  await map.focus();
  await page.keyboard.press("-");
  await expect.poll(() => words(page).get("at")).toBe("-1.30000,36.80000,14.00");
});

it("has nothing that an accessibility checker finds", async () => {
  for (const [path, options] of [
    ["/?near=-1.3,36.8", { colorScheme: "dark" }],
    ["/?tab=alarms&status=moving", { colorScheme: "light" }],
    [`/?vehicle=${imei}`, { ...PHONE, colorScheme: "dark" }],
  ] as [string, BrowserContextOptions][]) {
    const page = await open(path, { ...options, reducedMotion: "reduce" });
    await whole(page, "no-webgl");
    if (path.includes("vehicle=")) await page.locator("#details").getByText("Last 6 hours").first().waitFor();
    expect([path, ...(await violations(page))]).toEqual([path]);
    await context.close();
  }
});

it("has its list in a sheet on phones", async () => {
  const page = await open("/", PHONE);
  await expect.poll(() => page.textContent("#status")).toBe("20 vehicles · live");
  expect(await page.locator("#search").isVisible()).toBe(false);
  await page.getByRole("button", { name: "Show the list" }).tap();
  await page.locator("#search").fill(imei);
  await option(page, imei).tap();
  await page.locator("#details").waitFor();
  expect(await page.locator("#search").isVisible()).toBe(false);
});

it("met no error and asked nobody else", () => {
  expect(problems).toEqual([]);
});
