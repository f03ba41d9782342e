import { useSignal } from "@preact/signals";
import { count } from "../../parts/format.ts";
import { Empty, Failed, Loading, whyOf } from "../../parts/states.tsx";
import { time, timeInZone } from "../../parts/time.ts";
import { labelOf } from "../../parts/vehicle-names.ts";
import { live } from "../../texts/live.ts";
import {
  type Alarm,
  type AlarmGroup,
  alarms,
  alarmsAtMs,
  alarmsError,
  groups,
  hasMore,
  idOf,
  isUnread,
  markAllRead,
  markRead,
  nameOf,
  unread,
} from "./alarms.ts";
import "./later.css";

/** Of a group that is opened so many are shown. */
const MOST_SHOWN = 50;

export function AlarmList({ onChoose }: { onChoose: (alarm: Alarm) => void }) {
  const error = alarmsError.value;
  if (alarmsAtMs.value === null) return error ? <Failed error={error} /> : <Loading />;
  const choose = (alarm: Alarm) => {
    markRead(alarm);
    onChoose(alarm);
  };
  return (
    <div class="live-alarms">
      <div class="live-alarms-head">
        <p class="soft small">
          {live.alarms.asOf(timeInZone(alarmsAtMs.value))}
          {error && ` · ${whyOf(error)}`}
        </p>
        {unread.value > 0 && (
          <button type="button" class="button plain" onClick={markAllRead}>
            {live.alarms.readAll}
          </button>
        )}
      </div>
      {alarms.value.length === 0 ? (
        <Empty title={live.alarms.none} hint={live.alarms.noneHint} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard.
        <section class="scroll-part" tabIndex={0} aria-label={live.alarms.name}>
          <ul>
            {groups.value.map((group) => (
              <li key={group.code}>
                {group.isFew ? (
                  <Few of={group.alarms} onChoose={choose} />
                ) : (
                  <Flood group={group} onChoose={choose} />
                )}
              </li>
            ))}
          </ul>
          {hasMore.value && (
            <p class="live-more soft small">{live.alarms.more(count(alarms.value.length))}</p>
          )}
        </section>
      )}
    </div>
  );
}

function Few({ of, onChoose }: { of: readonly Alarm[]; onChoose: (alarm: Alarm) => void }) {
  return (
    <ul>
      {of.map((alarm) => (
        <li key={idOf(alarm)}>
          <AlarmRow alarm={alarm} onChoose={onChoose} />
        </li>
      ))}
    </ul>
  );
}

/** Many of one kind: as one, that opens. */
function Flood({ group, onChoose }: { group: AlarmGroup; onChoose: (alarm: Alarm) => void }) {
  const isOpen = useSignal(false);
  const [newest] = group.alarms;
  const unreadHere = group.alarms.filter(isUnread).length;
  return (
    <>
      <button
        type="button"
        class="live-alarm"
        data-unread={unreadHere > 0}
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        <span class="live-alarm-name">{group.name}</span>
        <span class="live-alarm-count figures">{count(group.alarms.length)}</span>
        <span class="soft small">
          {live.alarms.group(group.vehicles, count(group.vehicles), time(newest?.alarmAt ?? null))}
          {unreadHere > 0 && ` · ${live.alarms.unread(count(unreadHere))}`}
        </span>
      </button>
      {isOpen.value && (
        <div class="live-alarm-group">
          <Few of={group.alarms.slice(0, MOST_SHOWN)} onChoose={onChoose} />
          {group.alarms.length > MOST_SHOWN && (
            <p class="live-more soft small">{live.alarms.more(count(MOST_SHOWN))}</p>
          )}
        </div>
      )}
    </>
  );
}

function AlarmRow({ alarm, onChoose }: { alarm: Alarm; onChoose: (alarm: Alarm) => void }) {
  const isNew = isUnread(alarm);
  return (
    <button type="button" class="live-alarm" data-unread={isNew} onClick={() => onChoose(alarm)}>
      <span class="live-alarm-name">
        {isNew && <span class="unseen">{live.alarms.isUnread}: </span>}
        {nameOf(alarm)}
      </span>
      <time class="figures">{time(alarm.alarmAt)}</time>
      <span class="soft small">{[labelOf(alarm), alarm.driver].filter(Boolean).join(" · ")}</span>
    </button>
  );
}
