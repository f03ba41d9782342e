import { count, percent } from "../../parts/format.ts";
import { whyOf } from "../../parts/states.tsx";
import type { Answer } from "../../shell/answer.ts";
import type { Answers } from "../../shell/api.ts";
import { t } from "../../texts/en.ts";
import { words } from "../../texts/today.ts";

/** Of how much of the fleet anything is known: silence is another thing than a quiet day. */
export function Known({ of: { data, error, isOld } }: { of: Answer<Answers["FleetSummary"]> }) {
  const { known: w } = words;
  const text = () => {
    if (data === null || isOld) return error ? w.failed(whyOf(error)) : t.loading;
    const { vehicles, figures } = data;
    if (vehicles === 0) return w.noVehicles;
    const known = figures.vehiclesKnown.value ?? 0;
    if (known === 0) return w.none;
    const share = figures.coverageShare.value;
    return `${w.vehicles(count(known), count(vehicles))}; ${share === null ? w.shareUnknown : w.share(percent(share, 1))}.`;
  };
  return (
    <p class="today-known small soft" title={w.title}>
      {text()}
    </p>
  );
}
