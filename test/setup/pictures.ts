import { join, resolve } from "node:path";
import type { Page } from "playwright-core";

const FOLDER = resolve(import.meta.dirname, "../../dist/pictures");

const LOOKS = [
  { look: "wide-light", viewport: { width: 1440, height: 900 }, colorScheme: "light" },
  { look: "phone-dark", viewport: { width: 390, height: 844 }, colorScheme: "dark" },
] as const;

/** Charts and maps are drawn anew a moment after the window has another size. */
const SETTLED_MS = 300;

/**
 * Keeps pictures of a page for people to look at, wide and light, and dark as on a phone: dist/pictures. The page is
 * afterwards as it was.
 */
export async function keepPictures(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const { look, viewport, colorScheme } of LOOKS) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    await page.evaluate("scrollTo(0, 0)");
    await page.waitForTimeout(SETTLED_MS);
    const path = join(FOLDER, `${name}-${look}.png`);
    await page.screenshot({ path, fullPage: true, animations: "disabled" });
  }
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
}
