import type { Browser, Page } from "playwright-core";

/** A page that is looked at, from its very first request. */
export interface Visit {
  page: Page;
  /** When something on the page came true: since the page was asked for, and since the epoch. */
  when(what: Milestone): Promise<{ ms: number; atMs: number }>;
  /** Lengths of the stream's messages so far, unpacked. */
  messages: readonly number[];
  close(): Promise<void>;
}

/** What the page is looked at for in each frame, by itself: asking from outside would come late. */
const MILESTONES = {
  /** The list has its rows, and the canvas above the map has pixels. */
  drawn: `document.querySelector(".live-row .live-row-label")?.textContent && hasPixels(".map-vehicles")`,
  /** MapLibre has drawn its first picture. */
  full: `document.querySelector('[data-map="full"]') && hasPixels(".map-vehicles")`,
};
export type Milestone = keyof typeof MILESTONES;

/** Runs before the page does. The nodes are few and a canvas is read at a quarter of its size, so the page hardly waits. */
const WATCH = `
  const reached = (globalThis.reached = {});
  const hasPixels = (selector) => {
    const canvas = document.querySelector(selector);
    if (!canvas?.width) return false;
    const small = new OffscreenCanvas(canvas.width >> 2, canvas.height >> 2);
    const context = small.getContext("2d");
    context.drawImage(canvas, 0, 0, small.width, small.height);
    return context.getImageData(0, 0, small.width, small.height).data.some((byte) => byte > 0);
  };
  const tests = { ${Object.entries(MILESTONES)
    .map(([name, test]) => `${name}: () => ${test}`)
    .join(", ")} };
  const look = () => {
    for (const [name, test] of Object.entries(tests)) {
      if (reached[name] === undefined && test()) reached[name] = performance.now();
    }
    if (Object.keys(tests).some((name) => reached[name] === undefined)) setTimeout(look, 50);
  };
  look();
`;

const PATIENCE_MS = 120_000;
const LOOK_EVERY_MS = 200;

/** Opens a page for the first time. */
export async function visit(browser: Browser, url: URL): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    // What stands for the edge has made its certificate itself.
    ignoreHTTPSErrors: true,
  });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  const messages: number[] = [];
  session.on("Network.webSocketFrameReceived", ({ response }) => messages.push(response.payloadData.length));
  await page.addInitScript(WATCH);
  await page.goto(url.href, { waitUntil: "commit", timeout: PATIENCE_MS });
  return {
    page,
    async when(what) {
      for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; ) {
        const [ms, originMs] = await page.evaluate<[number | null, number]>(
          `[reached.${what} ?? null, performance.timeOrigin]`,
        );
        if (ms !== null) return { ms, atMs: originMs + ms };
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
      throw new Error(`The page was not ${what} in ${PATIENCE_MS / 1000} s`);
    },
    messages,
    close: () => context.close(),
  };
}
