import type { ComponentChildren } from "preact";
import { zone } from "../shell/session.ts";
import { t } from "../texts/en.ts";
import { zoneName } from "./time.ts";

/** A page's heading, with what it is about, in which zone its times are, and what can be done on it. */
export function PageHead({
  title,
  hint,
  showZone = true,
  children,
}: {
  title: string;
  hint?: ComponentChildren;
  /** False where a page shows no times. */
  showZone?: boolean;
  /** Controls at the end of the line. */
  children?: ComponentChildren;
}) {
  return (
    <header class="page-head">
      <div>
        <h1>{title}</h1>
        <p class="soft small">
          {hint}
          {hint !== undefined && showZone && " · "}
          {showZone && (
            <span title={zone.value}>
              {t.menu.zone} {zoneName}
            </span>
          )}
        </p>
      </div>
      {children !== undefined && <div class="page-controls">{children}</div>}
    </header>
  );
}
