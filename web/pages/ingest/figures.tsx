import type { ComponentChildren } from "preact";
import { count, durationS, number, percent } from "../../parts/format.ts";
import { time } from "../../parts/time.ts";
import { t } from "../../texts/en.ts";
import { ingest } from "../../texts/ingest.ts";
import { figureOf, isUp, type Now, samplesOf } from "./now.ts";
import { linkTo } from "./views.ts";

/** The figures that tell how it goes. Each keeps its place, known or not. */
export function Figures({ now }: { now: Now }) {
  const words = ingest.figures;
  return (
    <section aria-label={words.title}>
      <ul class="figure-tiles">
        {now.isAdmin !== false && <OfData now={now} />}
        <OfCanary slo={now.slo.data} />
      </ul>
    </section>
  );
}

function OfData({ now: { metrics, parked, dead } }: { now: Now }) {
  const words = ingest.figures;
  const { data } = metrics;
  const figure = (name: string) => figureOf(data, name);
  const sum = (name: string) => (isUp(data, "database") ? (figure(name) ?? 0) : null);
  const messages = figure("queue_backlog_messages");
  const oldestS = figure("queue_oldest_age_seconds");
  const tokenS = figure("vendor_token_expiry_seconds");
  const [parkedMessages, deadMessages] = [parked, dead].map((kept) => messagesIn(kept.data));
  const keptBack = parkedMessages && deadMessages ? parkedMessages.known + deadMessages.known : null;
  return (
    <>
      <Tile
        label={words.newestFix}
        value={ifKnown(figure("newest_fix_age_seconds"), (s) => words.ago(durationS(s)))}
        note={ifKnown(figure("newest_contact_age_seconds"), (s) => words.contact(durationS(s)))}
      />
      <Tile
        label={words.waiting}
        value={ifKnown(messages, (value) => words.messages(value, count(value)))}
        note={messages === 0 ? words.nothingWaits : ifKnown(oldestS, (s) => words.oldest(durationS(s)))}
        href={linkTo("flow")}
      />
      <Tile
        label={words.calls}
        value={ifKnown(sum("vendor_calls_last_hour"), count)}
        note={ifKnown(sum("runs_failed_last_hour"), (runs) =>
          runs === 0 ? words.perHour : words.failedRuns(count(runs)),
        )}
        href={linkTo("flow")}
      />
      <Tile
        label={words.rejected}
        value={ifKnown(sum("items_rejected_last_hour"), count)}
        note={ifKnown(writerItems(data), (items) => words.ofItems(count(items)))}
        href={linkTo("kept")}
      />
      <Tile
        label={words.kept}
        value={ifKnown(keptBack, count)}
        note={
          keptBack === 0
            ? words.nothingKept
            : keptBack &&
              words.parkedDead(parkedMessages?.shown ?? t.unknown, deadMessages?.shown ?? t.unknown)
        }
        href={linkTo("kept")}
      />
      <Tile
        label={words.token}
        value={ifKnown(tokenS, (s) => (s > 0 ? words.tokenLives(durationS(s)) : words.noToken))}
        note={data && words.pauses(samplesOf(data, "vendor_pause_seconds").length)}
        href={linkTo("flow")}
      />
    </>
  );
}

function OfCanary({ slo }: { slo: Now["slo"]["data"] }) {
  const words = ingest.figures;
  const isThere = slo !== null && slo.newest !== null;
  const seconds = (s: number) => `${number(s, s < 10 ? 2 : 1)}\u00a0${t.units.seconds}`;
  return (
    <>
      <Tile
        label={words.canary}
        value={slo && (isThere ? ifKnown(slo.doorToMap.p95S, seconds) : ingest.none)}
        note={slo && (isThere ? `${words.canaryP95(slo.month)} · ${time(slo.newest?.at)}` : words.noCanary)}
      />
      <Tile
        label={words.availability}
        value={slo && ifKnown(slo.availability, (ratio) => percent(roundedDown(ratio), 2))}
        note={
          slo &&
          (slo.minutes > 0
            ? words.availabilityNote(count(slo.good), count(slo.minutes), seconds(slo.objectiveS))
            : words.noCanary)
        }
      />
    </>
  );
}

/** @param value null: unknown, and said so */
function Tile({
  label,
  value,
  note,
  href,
}: {
  label: string;
  value: ComponentChildren;
  note?: ComponentChildren;
  href?: string;
}) {
  return (
    <li class="card">
      <p class="tile-label">{href ? <a href={href}>{label}</a> : label}</p>
      {value === null ? (
        <p class="tile-value not-known">{t.unknown}</p>
      ) : (
        <p class="tile-value figures">{value}</p>
      )}
      <p class="soft small">{note}</p>
    </li>
  );
}

/** A minute that was missed is not rounded away: what is 100 % was all of it. */
const roundedDown = (ratio: number): number => Math.floor(ratio * 10_000) / 10_000;

const ifKnown = (value: number | null | undefined, as: (value: number) => string): string | null =>
  value === null || value === undefined ? null : as(value);

/** Of what the writer took, as rejected items are of it. */
function writerItems(data: Now["metrics"]["data"]): number | null {
  const found = samplesOf(data, "items_received_last_hour").find(({ labels }) => labels.job === "writer");
  return found?.value ?? (isUp(data, "database") ? 0 : null);
}

function messagesIn(kept: Now["parked"]["data"]) {
  if (kept === null) return null;
  const known = kept.objects.reduce((sum, { messages }) => sum + messages, 0);
  return { known, shown: kept.next === null ? count(known) : `${count(known)}+` };
}
