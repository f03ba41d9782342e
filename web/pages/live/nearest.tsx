import { useEffect } from "preact/hooks";
import type { Place } from "../../map/geo.ts";
import type { MapLayer } from "../../map/map.tsx";
import { StatusMark } from "../../parts/badge.tsx";
import { age, coordinate, metres } from "../../parts/format.ts";
import { Answered, Empty } from "../../parts/states.tsx";
import { timeInZone } from "../../parts/time.ts";
import { labelOf } from "../../parts/vehicle-names.ts";
import { useAnswer } from "../../shell/answer.ts";
import { ask } from "../../shell/api.ts";
import { isDark } from "../../shell/theme.ts";
import { t } from "../../texts/en.ts";
import { live } from "../../texts/live.ts";
import { nearLayers } from "./map-layers.ts";
import { askNear, select } from "./view.ts";
import "./later.css";

const MOST = 10;
const EVERY_MS = 20_000;

interface Props {
  place: Place;
  /** Is given what the map shows of it. */
  onLayers: (layers: readonly MapLayer[]) => void;
}

/** Who is nearest to a place that was asked about. */
export function Nearest({ place, onLayers }: Props) {
  const dark = isDark();
  useEffect(() => onLayers(nearLayers(place, dark)), [place, dark, onLayers]);
  useEffect(() => () => onLayers([]), [onLayers]);
  const { lat, lng } = place;
  const answer = useAnswer(
    `nearest ${lat} ${lng}`,
    (signal) => ask("Neighbours", "/v1/nearest", { lat, lng, n: MOST }, { signal }),
    { everyMs: EVERY_MS },
  );
  return (
    <div class="live-nearest">
      <header class="live-part-head">
        <div>
          <h2 id="nearest-title">{live.nearest.title}</h2>
          <p class="soft small figures">{coordinate(lat, lng)}</p>
        </div>
        <button type="button" class="button" onClick={() => askNear(null)}>
          {t.close}
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard. */}
      <section class="scroll-part" tabIndex={0} aria-labelledby="nearest-title">
        <Answered
          of={answer}
          isEmpty={({ vehicles }) => vehicles.length === 0}
          empty={<Empty title={live.nearest.none} />}
        >
          {({ vehicles, behindSince, at }) => (
            <>
              {behindSince !== null && (
                <p class="live-more soft small">{live.nearest.behind(timeInZone(behindSince))}</p>
              )}
              <ol>
                {vehicles.map((vehicle) => (
                  <li key={vehicle.imei}>
                    <button type="button" class="live-row" onClick={() => select(vehicle.imei)}>
                      <StatusMark of={vehicle.status} label />
                      <span class="live-row-label">{labelOf(vehicle)}</span>
                      <span class="live-row-value figures">{metres(vehicle.distanceM)}</span>
                      <span class="live-row-who">{vehicle.driver ?? vehicle.city ?? vehicle.imei}</span>
                      <span class="live-row-age figures">{age(vehicle.fixAt, Date.parse(at))}</span>
                    </button>
                  </li>
                ))}
              </ol>
              <p class="live-more soft small">{live.nearest.hint}</p>
            </>
          )}
        </Answered>
      </section>
    </div>
  );
}
