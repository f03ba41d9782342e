import { Empty } from "../../parts/states.tsx";
import { fleet as t } from "../../texts/fleet.ts";

/** No facts, which is another thing than zero. */
export const NothingKnown = () => <Empty title={t.charts.nothingKnown} hint={t.charts.nothingKnownHint} />;
