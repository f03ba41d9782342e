import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Answers } from "../../web/client/types.js";
import { violations } from "../setup/accessibility.ts";
import { startBrowser } from "../setup/browser.ts";
import { HOSTILE, type Night, startNight } from "../setup/ingest-night.ts";
import { keepPictures } from "../setup/pictures.ts";

let browser: Browser;
let night: Night;
let context: BrowserContext;
let admin: string;
const problems: string[] = [];

beforeAll(async () => {
  [browser, night] = await Promise.all([startBrowser(), startNight()]);
  admin = await night.stack.makeKey(["read", "admin"]);
});
afterEach(async () => {
  await context?.close();
  expect(problems.splice(0)).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await night?.[Symbol.asyncDispose]();
});

/** A new tab at a path; what its console complains of fails the test. */
async function open(path: string, options: BrowserContextOptions = {}, key = admin): Promise<Page> {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of (400|404|503)/.test(message.text()))
      problems.push(message.text());
  });
  await page.addInitScript(`sessionStorage.setItem("tracksolid-edge.key", "${key}");`);
  await page.goto(night.stack.url + path);
  return page;
}

async function ask<N extends keyof Answers>(_: N, path: string): Promise<Answers[N]> {
  const headers = { authorization: `Bearer ${admin}` };
  const response = await night.stack.fetch(path, { headers });
  expect(response.status).toBe(200);
  return (await response.json()) as Answers[N];
}

const part = (page: Page, title: string) => page.getByRole("region", { name: title, exact: true });
const dialog = (page: Page) => page.getByRole("dialog").last();
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const numbers = (text: string | null) =>
  [...(text ?? "").matchAll(/[\d,]+/g)].map(([n]) => Number(n.replaceAll(",", "")));

/** Nothing of what devices and the vendor sent became an element, and the page is as wide as the window. */
async function expectSound(page: Page): Promise<void> {
  expect(await page.locator("img").count()).toBe(0);
  expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  expect(await violations(page)).toEqual([]);
}

describe("the verdict", () => {
  it("says what is wrong, as the API does, with who was told", async () => {
    const page = await open("/ingest");
    const verdict = page.locator(".verdict");
    await verdict.getByText("1 thing is wrong").waitFor();
    const { alerts } = await ask("Alerts", "/v1/alerts");
    const { jobs } = await ask("Jobs", "/v1/jobs");
    expect(alerts).toHaveLength(31);
    await verdict.getByText("Vehicles are outside their city: 30").waitFor();
    expect(await part(page, "Alerts").locator("code").count()).toBe(20);
    // One of them may become late meanwhile.
    await expect
      .poll(
        async () => {
          const late = (await ask("Jobs", "/v1/jobs")).jobs.filter(({ status }) => status === "late");
          return (await verdict.textContent())?.includes(`${late.length} jobs are late`);
        },
        { timeout: 30_000 },
      )
      .toBe(true);
    await verdict.getByText("The job trips fails").waitFor();
    const words = await verdict.textContent();
    // Text, and nothing in it is hidden or turns around what follows.
    expect(words).toContain(HOSTILE.replace("\u202e", "\\u202e"));
    expect(await part(page, "Alerts").textContent()).toMatch(/Told: webhook 127\.0\.0\.1:\d+/);

    const rows = part(page, "Jobs").locator("tbody tr");
    expect(await rows.count()).toBe(jobs.length);
    expect(await rows.filter({ hasText: "trips" }).textContent()).toContain("failing");
    const slo = await ask("ServiceLevel", "/v1/slo");
    const p95 = (slo.doorToMap.p95S ?? 0).toFixed(2);
    expect(await page.getByRole("region", { name: "Figures of now" }).textContent()).toContain(p95);
    await keepPictures(page, "ingest");
    await expectSound(page);
  });

  it("looks again by itself, and stays where it is when it cannot", async () => {
    const page = await open("/ingest");
    await page.clock.install();
    await page.reload();
    await page.getByText("1 thing is wrong").waitFor();
    const asked = page.waitForRequest(/\/v1\/alerts$/);
    await page.clock.fastForward(16_000);
    await asked;
    await page.route(/\/v1\/(alerts|metrics)$/, (route) => route.fulfill({ status: 503, body: "" }));
    const refused = page.waitForResponse(
      (answer) => answer.url().endsWith("/v1/alerts") && answer.status() === 503,
    );
    await page.clock.fastForward(16_000);
    await refused;
    await page.getByText("Alerts could not be asked").waitFor();
    // What was known stands, with its age.
    await page.getByText("1 thing is wrong").waitFor();
    expect(await part(page, "Alerts").textContent()).toContain("Told: webhook");
    expect(
      await part(page, "Alerts")
        .getByText(/^As of /)
        .textContent(),
    ).toContain("ago");
  });

  it("claims nothing of what a key may not see, and asks for none of it", async () => {
    const asked: string[] = [];
    const reader = await night.stack.makeKey(["read"]);
    const page = await open("/ingest?view=kept", {}, reader);
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.reload();
    await page.getByText("Pushes come to the map").waitFor();
    await page.getByText("need a key with the scope admin").waitFor();
    expect(asked.filter((path) => /jobs|alerts|metrics|rejected|parked|dead/.test(path))).toEqual([]);
    expect(await page.getByRole("button", { name: /redrive/i }).count()).toBe(0);
    await expectSound(page);
  });
});

it("shows a sensible view of a URL that is nonsense", async () => {
  const page = await open("/ingest?view=%3Cscript%3E&span=-1&sort=-nothing&job=%3Cimg%20src%3Dx%3E");
  await dialog(page).getByText("Nobody knows this job").first().waitFor();
  expect(await dialog(page).textContent()).toContain("<img src=x>");
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  await expect.poll(() => page.url()).not.toContain("job=");
  expect(await part(page, "Jobs").locator("tbody tr").count()).toBeGreaterThan(5);

  await page.goto(`${night.stack.url}/ingest?view=past&receipt=' or 1=1`);
  await page.getByText("This is not a receipt").waitFor();
  expect(await page.locator("img").count()).toBe(0);
});

it("opens a job by keyboard, runs it for a day of the past, and shows the run", async () => {
  const page = await open("/ingest");
  const row = part(page, "Jobs").getByRole("button", { name: "trips", exact: true });
  await row.focus();
  await page.keyboard.press("Enter");
  await dialog(page).getByText("The quota is used up").first().waitFor();
  expect(page.url()).toContain("job=trips");
  const { runs } = await ask("JobRuns", "/v1/jobs/trips/runs?limit=25&success=false");
  await dialog(page).getByText("Failed", { exact: true }).click();
  await expect.poll(() => dialog(page).locator("tbody tr:not(.table-spacer)").count()).toBe(runs.length);
  expect(await violations(page)).toEqual([]);

  await button(page, "Run now").click();
  await dialog(page).getByText("Asks Tracksolid again for trips").waitFor();
  await button(page, "Run it").click();
  await dialog(page)
    .getByText(/Planned: \d+ windows? for \d+ vehicles/)
    .waitFor();
  await dialog(page).getByRole("button", { name: "Close" }).last().click();
  await dialog(page).getByText("asked for", { exact: true }).waitFor();
  const id = new URL(page.url()).searchParams.get("run") ?? "";
  const run = await ask("JobRunWithWindows", `/v1/jobs/trips/runs/${id}`);
  expect(run.plan?.cause).toBe("request");
  await expect.poll(() => dialog(page).locator("tbody tr").count()).toBe(run.windows.length);

  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  await expect.poll(() => new URL(page.url()).search).toBe("");
});

it("has the books, the calls and the pushes of a span, each figure as the API gives it", async () => {
  const page = await open("/ingest?view=flow", { colorScheme: "dark" });
  // Runs that go on change them any moment: what the page itself was told.
  const told = <N extends keyof Answers>(_: N, path: string): Promise<Answers[N]> =>
    page.waitForResponse((answer) => new URL(answer.url()).pathname === path).then((answer) => answer.json());
  const answers = Promise.all([told("Ledger", "/v1/ledger"), told("JobHours", "/v1/jobs/hours")]);
  await page.reload();
  const [{ received, delivered, parked }, { hours }] = await answers;
  const books = part(page, "Ledger");
  await books.getByText("balances", { exact: true }).waitFor();
  const equation = books.locator(".equation");
  expect(delivered.rejected).toBe(2);
  const said = await equation.locator(".unseen").textContent();
  const terms = numbers(said);
  expect(terms.slice(0, 5)).toEqual([
    received.items,
    delivered.written,
    delivered.duplicate,
    delivered.rejected,
    parked.items,
  ]);
  expect(terms[0]).toBe(terms.slice(1).reduce((sum, term) => sum + term, 0));

  const trips = hours.filter(({ job }) => job === "trips");
  const calls = trips.reduce((sum, { apiCalls }) => sum + apiCalls, 0);
  const row = part(page, "Calls of Tracksolid").locator("tbody tr[data-key='trips']");
  expect(numbers((await row.locator("td").first().textContent()) ?? "")).toEqual([calls]);
  expect(await row.textContent()).toContain("too_frequent");
  const pushed = part(page, "Pushes").locator("tbody tr[data-key='pushgps']");
  expect(numbers((await pushed.locator("td").allTextContents()).join(" "))).toEqual([1, 3, 1, 0, 2]);
  expect(await part(page, "Queue and Durable Objects").textContent()).toContain("follows the database");
  await expectSound(page);

  await page.getByText("7 days", { exact: true }).click();
  await expect.poll(() => page.url()).toContain("span=week");
  await page.route(/\/v1\/ledger/, (route) => route.fulfill({ status: 503, body: "" }));
  await page.reload();
  await books.getByText("This could not be loaded").waitFor();
  await part(page, "Pushes").getByText("pushgps").first().waitFor();
});

it("shows rejected items as the text they are, by reason, and redrives them", async () => {
  const page = await open("/ingest?view=kept", { viewport: { width: 360, height: 740 } });
  const rejected = part(page, "Rejected items");
  await rejected.getByRole("link", { name: /^time_unreadable/ }).click();
  await expect.poll(() => rejected.locator(".entries > li").count()).toBe(1);
  expect(page.url()).toContain("reason=time_unreadable");
  const raw = rejected.getByRole("region", { name: "As it was sent" });
  const cut = (await raw.textContent()) ?? "";
  expect(cut).toContain("<img src=x onerror=alert(1)>\\u202egnp.evil");
  expect(cut.length).toBeLessThan(500);
  await rejected.getByRole("button", { name: /^Show all/ }).click();
  expect((await raw.textContent())?.length).toBeGreaterThan(2_000);
  await expectSound(page);

  await rejected.getByRole("button", { name: "Redrive", exact: true }).click();
  await dialog(page).getByRole("button", { name: "Redrive" }).click();
  await dialog(page).getByText("0 became records, 1 were rejected again").waitFor();
  await dialog(page).getByRole("button", { name: "Close" }).last().click();

  const parked = part(page, "Parked messages");
  await parked.getByText("unknown_kind").waitFor();
  await parked.getByRole("button", { name: "Redrive all" }).click();
  await dialog(page).getByRole("button", { name: "Redrive all" }).click();
  await dialog(page).getByText("0 messages were written, 1 are kept on").waitFor();
});

it("tells what became of a receipt, and counts a replay before it may be written", async () => {
  const page = await open("/ingest?view=past");
  await page.getByLabel("Receipt id").fill(` ${night.receipt.toUpperCase()} `);
  await page.keyboard.press("Enter");
  const receipt = part(page, "Receipt");
  await receipt.getByText("delivered", { exact: true }).waitFor();
  expect(await receipt.locator(".entries").textContent()).toContain("1 written");
  expect(await receipt.locator("tbody tr").count()).toBe(3);
  await page.getByLabel("Receipt id").fill("019bc0d2-5b1c-7c44-9d2a-3f6f0c7a1e55");
  await page.keyboard.press("Enter");
  await receipt.getByText("Nobody knows the receipt").waitFor();

  const replay = part(page, "Replay");
  await replay.getByText("Count first").waitFor();
  expect(await button(page, "Write it").count()).toBe(0);
  await replay.getByText("7 days", { exact: true }).click();
  await replay.getByLabel("Kinds").fill("nonsense");
  await button(page, "Count what would change").click();
  await replay.getByRole("alert").getByText("kinds").waitFor();
  await replay.getByLabel("Kinds").fill("pushgps");
  await button(page, "Count what would change").click();
  await replay.getByText("Counted").waitFor();
  expect(await replay.getByRole("status").textContent()).toContain("1 messages, 3 items");
  expect(await replay.locator("tbody tr[data-key='position_history']").textContent()).toContain(
    "position_history",
  );
  await replay.getByText("Nothing would change").waitFor();
  await expectSound(page);
});

it("lists what analysts asked, and sends a test alert", async () => {
  const page = await open("/ingest?view=audit");
  const audit = part(page, "What analysts asked");
  await expect.poll(() => audit.locator(".entries > li").count()).toBe(20);
  await audit.getByRole("button", { name: "Show more" }).click();
  await expect.poll(() => audit.locator(".entries > li").count()).toBe(30);
  await audit.getByText("refused", { exact: true }).first().click();
  await expect.poll(() => audit.locator(".entries > li").count()).toBe(1);
  await expectSound(page);

  await page
    .getByRole("navigation", { name: "Parts of this page" })
    .getByRole("link", { name: "Overview" })
    .click();
  const before = night.receiver.received.length;
  await button(page, "Send a test alert").click();
  await dialog(page).getByRole("button", { name: "Send a test alert" }).click();
  await dialog(page).getByText("2 targets were told").waitFor();
  await expect.poll(() => night.receiver.received.length).toBe(before + 2);
});
