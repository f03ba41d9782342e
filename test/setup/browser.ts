import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import npmChromium, { inflate } from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

/** Browsers of the system, for machines that the npm package has no build for. */
const SYSTEM_BROWSERS = [
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Nothing here may try to reach the network. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * For a page's start: takes WebGL from it, so that its map stays the plain canvas. In software WebGL takes seconds of both
 * cores: only tests that are about MapLibre's map have it.
 */
export const NO_WEBGL = `{
  const real = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return kind.startsWith("webgl") ? null : real.call(this, kind, ...rest);
  };
}`;

/** Starts a real Chromium: the one from npm with the libraries it brings, or one that is installed. */
export async function startBrowser(): Promise<Browser> {
  if (process.platform === "linux" && process.arch === "x64") {
    const executablePath = await npmChromium.executablePath();
    // Shared libraries that a slim machine lacks (NSS among them).
    const bin = join(dirname(dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium"))), "bin");
    await inflate(join(bin, "al2023.tar.br"));
    const env = {
      ...process.env,
      // A machine without a language gives pages one that is none ("en-US@posix").
      LC_ALL: "en_US.UTF-8",
      LD_LIBRARY_PATH: join(tmpdir(), "al2023", "lib"),
      FONTCONFIG_PATH: join(tmpdir(), "fonts"),
    };
    return chromium.launch({ executablePath, env, args: [...FLAGS, "--headless=shell", "--no-zygote"] });
  }
  const executablePath = SYSTEM_BROWSERS.find((path) => existsSync(path));
  if (!executablePath) {
    throw new Error(`No browser for ${process.platform}-${process.arch}: install Chromium or Chrome.`);
  }
  return chromium.launch({ executablePath, args: FLAGS });
}
