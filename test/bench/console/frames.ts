import { cpus } from "node:os";
import type { Browser, Page } from "playwright-core";
import { median } from "../measure.ts";
import type { Line } from "../report.ts";
import { visit } from "./visit.ts";

const MEASURE_MS = 6_000;
const STEP_MS = 16;

/** Notes how far apart frames are, as long as it is asked to. */
const COUNT = `(() => {
  const gaps = (globalThis.frameGaps = []);
  let last = performance.now();
  const next = (now) => {
    gaps.push(now - last);
    last = now;
    if (globalThis.frameGaps === gaps) requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
})()`;

/** Frames per second with a large fleet on the whole map: software draws it all here, so this is the worst there is. */
export async function measureFrames(browser: Browser, url: URL, vehicles: number): Promise<Line[]> {
  const visited = await visit(browser, url);
  const { page } = visited;
  await page.setViewportSize({ width: 1440, height: 900 });
  await visited.when("full");
  const renderer = await page.evaluate<string>(`(() => {
    const gl = document.createElement("canvas").getContext("webgl2");
    const info = gl?.getExtension("WEBGL_debug_renderer_info");
    return gl ? gl.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER) : "no WebGL";
  })()`);
  const section = `The map with ${vehicles.toLocaleString("en")} vehicles, 1440 × 900, frames per second (${renderer}, ${cpus().length} cores)`;
  const moves: [string, (page: Page) => Promise<void>][] = [
    ["dragged all the time", drag],
    ["zoomed all the time", zoom],
  ];
  const lines: Line[] = [];
  for (const [what, move] of moves) {
    const gaps = await framesWhile(page, move);
    const perS = (gaps.length / gaps.reduce((sum, gap) => sum + gap, 0)) * 1000;
    const sorted = [...gaps].sort((a, b) => a - b);
    lines.push({
      section,
      what,
      value: perS,
      measured: `${perS.toFixed(1)}/s`,
      figures: `a frame each ${median(gaps).toFixed(0)} ms in the middle, ${(sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN).toFixed(0)} ms at worst but for one in twenty`,
    });
  }
  await visited.close();
  return lines;
}

async function framesWhile(page: Page, move: (page: Page) => Promise<void>): Promise<number[]> {
  await page.evaluate(COUNT);
  const endMs = performance.now() + MEASURE_MS;
  while (performance.now() < endMs) await move(page);
  return page.evaluate<number[]>("[frameGaps.splice(0), (frameGaps = null)][0]");
}

/** To and fro, in the middle of the map. */
async function drag(page: Page): Promise<void> {
  const [x, y] = await middle(page);
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (const direction of [1, -1]) {
    for (let step = 0; step < 30; step++) {
      await Promise.all([
        page.mouse.move(x + direction * (step < 15 ? step : 30 - step) * 8, y + step * direction),
        new Promise((resolve) => setTimeout(resolve, STEP_MS)),
      ]);
    }
  }
  await page.mouse.up();
}

/** In and out. */
async function zoom(page: Page): Promise<void> {
  const [x, y] = await middle(page);
  await page.mouse.move(x, y);
  for (const direction of [-1, 1]) {
    for (let step = 0; step < 20; step++) {
      await Promise.all([
        page.mouse.wheel(0, direction * 40),
        new Promise((resolve) => setTimeout(resolve, STEP_MS)),
      ]);
    }
  }
}

async function middle(page: Page): Promise<[number, number]> {
  const box = await page.locator(".map").boundingBox();
  if (!box) throw new Error("There is no map on the page");
  return [box.x + box.width / 2, box.y + box.height / 2];
}
