import type { ComponentChildren } from "preact";
import { statusKinds } from "../../charts/series.tsx";
import { Strip } from "../../charts/strip.tsx";
import type { LiveVehicle } from "../../client/index.js";
import { ActionButton } from "../../parts/action.tsx";
import { StatusBadge } from "../../parts/badge.tsx";
import { age, count, kmh, metres, number } from "../../parts/format.ts";
import { Answered, Empty } from "../../parts/states.tsx";
import { dayOf, time, timeInZone } from "../../parts/time.ts";
import { Text, Value } from "../../parts/value.tsx";
import { labelOf } from "../../parts/vehicle-names.ts";
import type { Answer } from "../../shell/answer.ts";
import { useAnswer } from "../../shell/answer.ts";
import { type Answers, ask, send } from "../../shell/api.ts";
import { now } from "../../shell/clock.ts";
import { href } from "../../shell/url.ts";
import { t } from "../../texts/en.ts";
import { live } from "../../texts/live.ts";
import { HOURS, lastPlaceOf, sinceOf, useActivity } from "./last-hours.ts";
import type { NearTicket } from "./near-tickets.ts";
import { follow, isFollowing, select } from "./view.ts";
import "./later.css";

const EVERY_MS = 15_000;
const { details: words } = live;

interface Props {
  imei: string;
  /** As the stream has it; undefined for one that is not on the map. */
  vehicle: LiveVehicle | undefined;
  track: Answers["Track"] | null;
  tickets: Answer<Answers["TicketCollection"]>;
  nearTickets: readonly NearTicket[];
}

/** The selected vehicle: what the stream tells at once, and what is asked for besides. */
export function Details({ imei, vehicle, track, tickets, nearTickets }: Props) {
  const more = useAnswer(
    `vehicle ${imei}`,
    (signal) => ask("Vehicle", `/v1/vehicles/${imei}`, {}, { signal }),
    { everyMs: EVERY_MS },
  );
  const activity = useActivity(imei);
  const did = activity.isOld ? null : activity.data;
  const known = vehicle ?? (more.isOld ? null : more.data);
  const label = known ? labelOf(known) : imei;
  const name = known?.name && known.name !== label ? known.name : null;
  return (
    <section id="details" class="live-details" aria-labelledby="details-title">
      <header class="live-part-head">
        <div>
          <h2 id="details-title">{label}</h2>
          <p class="live-details-state">
            {known && <StatusBadge of={known.status ?? "unknown"} />}
            {vehicle && did && <Since vehicle={vehicle} activity={did} />}
          </p>
          {name && <p class="soft small live-name">{name}</p>}
        </div>
        <button type="button" class="button" onClick={() => select(null)}>
          {t.close}
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard. */}
      <section class="scroll-part" tabIndex={0} aria-label={words.facts}>
        <div class="live-actions">
          <button
            type="button"
            class="button"
            aria-pressed={isFollowing.value}
            disabled={vehicle?.lng == null}
            onClick={() => follow(!isFollowing.peek())}
          >
            {words.follow}
          </button>
          <a class="button" href={href("/history", { vehicle: imei, day: dayOf(now.peek()) })}>
            {words.history}
          </a>
          <Refresh imei={imei} label={label} />
        </div>
        {vehicle ? (
          <Facts vehicle={vehicle} more={more.isOld ? null : more.data} />
        ) : (
          <Answered of={more}>{() => <Empty title={words.notLive} hint={words.notLiveHint} />}</Answered>
        )}
        <Answered of={activity} minHeightPx={120}>
          {(data) => <LastHours activity={data} track={track} />}
        </Answered>
        <h3>{words.tickets}</h3>
        <Answered
          of={tickets}
          isEmpty={() => nearTickets.length === 0}
          empty={<p class="soft small">{words.noTickets}</p>}
        >
          {() => (
            <ul class="live-tickets">
              {nearTickets.map(({ ticket, distanceM }) => (
                <li key={ticket.number}>
                  <a href={href("/tickets", { ticket: ticket.number })}>{ticket.number}</a>
                  <span class="figures">{metres(distanceM)}</span>
                  <span class="soft small">
                    {[ticket.priority, ticket.area, ticket.driver].filter(Boolean).join(" · ")}
                    {ticket.isOverdue && ` · ${words.overdue}`}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Answered>
      </section>
    </section>
  );
}

function Since({ vehicle, activity }: { vehicle: LiveVehicle; activity: Answers["Activity"] }) {
  const since = sinceOf(activity, vehicle.status);
  if (since === null) return null;
  const sentence = since.isOlder ? words.sinceBefore : words.since;
  return <span class="soft small">{sentence(time(since.at), age(since.at, now.value))}</span>;
}

function LastHours({ activity, track }: { activity: Answers["Activity"]; track: Answers["Track"] | null }) {
  const last = track && lastPlaceOf(track);
  return (
    <>
      <Strip
        label={words.lastHours(HOURS)}
        fromMs={Date.parse(activity.from)}
        toMs={Date.parse(activity.to)}
        stretches={activity.stretches.map(({ state, from, to }) => ({
          ...{ kind: state, fromMs: Date.parse(from), toMs: Date.parse(to) },
        }))}
        kinds={statusKinds(t.status)}
      />
      {last && <p class="soft small">{words.lastStop(time(last.from), last.place)}</p>}
    </>
  );
}

function Facts({ vehicle, more }: { vehicle: LiveVehicle; more: Answers["Vehicle"] | null }) {
  const { speedKmh, headingDeg, ignition, fixAt, contactAt } = vehicle;
  const { batteryPercent = null, externalVoltageV = null } = more?.contact ?? {};
  return (
    <dl class="live-facts">
      <Fact name={words.driver}>
        <Text of={vehicle.driver} />
        {more?.driverPhone && (
          <>
            {" "}
            <a href={`tel:${more.driverPhone.replace(/[^+\d]/g, "")}`}>{more.driverPhone}</a>
          </>
        )}
      </Fact>
      <Fact name={words.plate}>
        <Text of={vehicle.plate} />
      </Fact>
      <Fact name={words.fix}>
        <Ago at={fixAt} />
      </Fact>
      <Fact name={words.contact}>
        <Ago at={contactAt} />
      </Fact>
      <Fact name={words.speed}>
        <Value of={vehicle.status === "silent" ? null : speedKmh} as={kmh} />
      </Fact>
      <Fact name={words.heading}>
        <Value of={headingDeg} as={compass} />
      </Fact>
      <Fact name={words.ignition}>
        <Value of={ignition} as={(on) => (on ? words.on : words.off)} />
      </Fact>
      <Fact name={words.odometer}>
        {more ? <Value of={more.position?.odometerKm} as={(v) => `${count(v)} ${t.units.km}`} /> : "…"}
      </Fact>
      <Fact name={words.power}>
        {more ? (
          <Value of={batteryPercent ?? externalVoltageV} as={() => power(batteryPercent, externalVoltageV)} />
        ) : (
          "…"
        )}
      </Fact>
      <Fact name={words.satellites}>{more ? <Value of={more.position?.satellites} as={count} /> : "…"}</Fact>
      <Fact name={words.city}>
        <Text of={vehicle.city} />
      </Fact>
      <Fact name={words.account}>
        <Text of={vehicle.account} />
      </Fact>
      <Fact name={words.type}>
        <Text of={vehicle.vehicleType} />
      </Fact>
      <Fact name={words.imei}>
        <span class="figures">{vehicle.imei}</span>
      </Fact>
    </dl>
  );
}

const Fact = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

function Ago({ at }: { at: string | null }) {
  if (at === null) return <span class="not-known">{t.never}</span>;
  return (
    <time class="figures" title={timeInZone(at)}>
      {t.line.ago(age(at, now.value))}
    </time>
  );
}

const compass = (deg: number) => `${words.winds[Math.round(deg / 45) % 8]} · ${count(deg)}°`;

const power = (percent: number | null, volts: number | null) =>
  [
    percent === null ? null : `${count(percent)} ${t.units.percent}`,
    volts === null ? null : `${number(volts, 1)} ${words.volts}`,
  ]
    .filter((part) => part !== null)
    .join(" · ");

/** Asks the vendor for the position now. */
function Refresh({ imei, label }: { imei: string; label: string }) {
  return (
    <ActionButton
      scope="admin"
      label={words.refresh}
      title={words.refreshTitle(label)}
      explain={<p>{words.refreshExplain}</p>}
      run={async () => {
        const { position } = await send<Answers["RefreshedVehicle"]>("POST", `/v1/vehicles/${imei}/refresh`);
        return position ? words.refreshed(timeInZone(position.fixAt)) : words.refreshedNothing;
      }}
    />
  );
}
