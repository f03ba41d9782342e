import { StatusMark } from "../../parts/badge.tsx";
import { age, metres } from "../../parts/format.ts";
import { Answered } from "../../parts/states.tsx";
import { msOf, timeInZone } from "../../parts/time.ts";
import { labelOf } from "../../parts/vehicle-names.ts";
import { type Answer, useAnswer } from "../../shell/answer.ts";
import { type Answers, ask } from "../../shell/api.ts";
import { href } from "../../shell/url.ts";
import { t } from "../../texts/en.ts";
import { words } from "../../texts/tickets.ts";

const MOST = 6;
const EVERY_MS = 20_000;

type Neighbours = Answers["Neighbours"];

/** Who is nearest to a place now. @param place null asks nothing */
export function useNearest(place: { lat: number; lng: number } | null): Answer<Neighbours> {
  return useAnswer(
    place && `nearest ${place.lat} ${place.lng} ${MOST}`,
    (signal) => ask("Neighbours", "/v1/nearest", { ...place, n: MOST }, { signal }),
    { everyMs: EVERY_MS },
  );
}

/** The vehicles nearest to the ticket, each a link to where it is followed. */
export function Nearest({ of }: { of: Answer<Neighbours> }) {
  return (
    <section class="tickets-part" aria-labelledby="ticket-nearest">
      <h3 id="ticket-nearest">{words.nearest.title}</h3>
      <Answered
        of={of}
        minHeightPx={160}
        isEmpty={({ vehicles }) => vehicles.length === 0}
        empty={<p class="soft small">{words.nearest.none}</p>}
      >
        {({ vehicles, behindSince, at }) => (
          <>
            {behindSince !== null && (
              <p class="wrong small">{words.nearest.behind(timeInZone(behindSince))}</p>
            )}
            <ol class="tickets-nearest">
              {vehicles.map((vehicle) => {
                const label = labelOf(vehicle);
                return (
                  <li key={vehicle.imei}>
                    <a
                      href={href("/", { vehicle: vehicle.imei, follow: "1" })}
                      aria-label={`${words.nearest.follow(label)}: ${t.status[vehicle.status] ?? t.unknown}, ${metres(vehicle.distanceM)}, ${fixOf(vehicle.fixAt, at)}`}
                    >
                      <StatusMark of={vehicle.status} />
                      <b>{label}</b>
                      <span class="figures">{metres(vehicle.distanceM)}</span>
                      <span class="soft small">
                        {[t.status[vehicle.status] ?? t.unknown, vehicle.driver].filter(Boolean).join(" · ")}
                      </span>
                      <span class="soft small figures">{fixOf(vehicle.fixAt, at)}</span>
                    </a>
                  </li>
                );
              })}
            </ol>
            <p class="soft small">{words.nearest.hint}</p>
          </>
        )}
      </Answered>
    </section>
  );
}

const fixOf = (fixAt: string | null, at: string): string =>
  fixAt === null ? words.nearest.neverFix : words.nearest.fix(age(fixAt, msOf(at)));
