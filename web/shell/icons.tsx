import type { PageName } from "./pages.ts";

/** Lines on a grid of 20 × 20. */
const PATHS: Record<PageName | "more" | "settings", string> = {
  live: "M10 17.5c3.6-4 5.4-7 5.4-9.3a5.4 5.4 0 1 0-10.8 0c0 2.3 1.8 5.3 5.4 9.3ZM10 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  history: "M3.5 4v3.5H7M3.8 7.5A7 7 0 1 1 3 10.5M10 6.5V10.5l2.8 1.7",
  fleet: "M3 17V3M3 17h14M6.5 13.5v-4M10 13.5v-7M13.5 13.5v-2.5",
  tickets: "M3 7.5V5h14v2.5a2.5 2.5 0 0 0 0 5V15H3v-2.5a2.5 2.5 0 0 0 0-5ZM12 5.5v1.5M12 9.2v1.6M12 13v1.5",
  today: "M10 3v1.5M4.5 6l1 1M15.5 6l-1 1M7.3 13.4a4.2 4.2 0 1 1 5.4 0V15H7.3ZM8 17.5h4",
  coverage: "M3.5 3.5h5.5v5.5H3.5ZM11.5 3.5h5v5.5h-5ZM3.5 11.5h5.5v5H3.5ZM11.5 14h5M14 11.5v5",
  ingest: "M2.5 10.5h3l2-5.5 3.5 10 2.5-6.5 1 2h3",
  more: "M4.5 6h11M4.5 10h11M4.5 14h11",
  settings: "M4 6h6M14 6h2M12 4v4M4 14h2M10 14h6M8 12v4",
};

/** An icon; whatever it stands for is written beside it. */
export function Icon({ of }: { of: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[of]} />
    </svg>
  );
}
