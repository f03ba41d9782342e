import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { boundsOf } from "../../map/geo.ts";
import { FleetMap, type MapHandle, type MapLayer, type Padding } from "../../map/map.tsx";
import { count } from "../../parts/format.ts";
import { later } from "../../parts/later.tsx";
import { Segmented } from "../../parts/segmented.tsx";
import { zoneName } from "../../parts/time.ts";
import { labelOf } from "../../parts/vehicle-names.ts";
import { LiveStamp, liveState } from "../../shell/connection.tsx";
import { useFleet, version } from "../../shell/fleet.ts";
import { useTitle } from "../../shell/title.ts";
import { setQuery } from "../../shell/url.ts";
import { t } from "../../texts/en.ts";
import { followAlarms, unread } from "./alarm-news.ts";
import { Filters } from "./filters.tsx";
import { VehicleList } from "./list.tsx";
import "./live.css";
import { Sheet } from "./sheet.tsx";
import { counts, shown } from "./vehicles.ts";
import {
  askNear,
  cameraInLink,
  follow,
  isFollowing,
  nearPlace,
  noteCamera,
  select,
  selectedImei,
  tab,
} from "./view.ts";

const Selected = later(() => import("./selected.tsx").then((part) => part.Selected));
const Nearest = later(() => import("./nearest.tsx").then((part) => part.Nearest));
const AlarmList = later(() => import("./alarms.tsx").then((part) => part.AlarmList));

/** By then the first view is there on all but the slowest lines. */
const AHEAD_AFTER_MS = 8_000;
const NO_LAYERS: readonly MapLayer[] = [];
/** Near enough to see which street. */
const SELECT_ZOOM = 13;
const WIDE = matchMedia("(min-width: 900px)");
/** What the card of the selected vehicle covers of the map; in live.css too. */
const WIDE_DETAILS: Padding = { top: 0, right: 372, bottom: 0, left: 0 };
/** What the closed sheet covers of a phone's map; in live.css too. */
const PHONE_SHEET: Padding = { top: 0, right: 0, bottom: 148, left: 0 };
/** What the card covers of it: half, in live.css too. */
const phoneDetails = (): Padding => ({ top: 0, right: 0, bottom: Math.round(innerHeight / 2) - 28, left: 0 });

/** The live map, for dispatchers. */
export default function LivePage() {
  const fleet = useFleet();
  const imei = selectedImei.value;
  const vehicle = imei === null ? undefined : fleet.value.get(imei);
  const near = nearPlace.value;
  const isWide = useWide();
  const map = useRef<MapHandle | null>(null);
  const [camera] = useState(cameraInLink);
  const [isOpen, setOpen] = useState(false);
  useEffect(followAlarms, []);
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const part of [Selected, Nearest, AlarmList]) part.fetchAhead();
    }, AHEAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  useTitle(vehicle ? labelOf(vehicle) : null);

  const { lng = null, lat = null } = vehicle ?? {};
  const [ofSelected, setOfSelected] = useState(NO_LAYERS);
  const [ofNear, setOfNear] = useState(NO_LAYERS);
  const layers = useMemo(() => [...ofSelected, ...ofNear], [ofSelected, ofNear]);

  useSelectedInSight(map, imei, lng, lat, camera !== null);
  const fit = useFirst(() => (version.value === "" || camera ? null : boundsOf(shown.value)));
  const padding = isWide ? (imei ? WIDE_DETAILS : undefined) : imei ? phoneDetails() : PHONE_SHEET;

  function choose(chosen: string | null, place?: { lng: number | null; lat: number | null }) {
    select(chosen);
    setOpen(false);
    if (place && place.lng !== null && place.lat !== null) {
      const zoom = Math.max(map.current?.camera().zoom ?? 0, SELECT_ZOOM);
      map.current?.fly({ lng: place.lng, lat: place.lat, zoom });
    }
  }

  return (
    <div class="live">
      <Sheet isOpen={isOpen} onOpen={setOpen}>
        <header class="live-head">
          <h1>{t.pages.live.title}</h1>
          <LiveStamp />
        </header>
        {near ? (
          <Nearest.Part place={near} onLayers={setOfNear} />
        ) : (
          <>
            <div class="live-tabs">
              <Segmented
                label={t.live.tabs}
                options={[
                  { value: "vehicles", label: t.live.vehicles },
                  { value: "alarms", label: t.live.alarms(unread.value, count(unread.value)) },
                ]}
                value={tab.value}
                onChange={(to) => {
                  setQuery({ tab: to === "alarms" ? to : null });
                  setOpen(true);
                }}
              />
            </div>
            {tab.value === "alarms" ? (
              <AlarmList.Part
                onChoose={(alarm) => choose(alarm.imei, fleet.value.has(alarm.imei) ? alarm : undefined)}
              />
            ) : (
              <>
                <Filters />
                <VehicleList onChoose={(chosen) => choose(chosen.imei, chosen)} />
              </>
            )}
          </>
        )}
      </Sheet>
      <div class="live-map">
        <FleetMap
          label={t.live.map}
          summary={t.live.summary(count(shown.value.length), count(counts.value.moving), zoneName.value)}
          camera={camera}
          fit={fit}
          fitKey="first"
          padding={padding}
          layers={layers}
          vehicles={shown.value}
          selectedImei={imei}
          isStale={liveState.value === "stale"}
          onVehicle={(chosen) => (chosen === null ? select(null) : choose(chosen))}
          onPlace={askNear}
          onCamera={(moved) => noteCamera(moved)}
          onGrab={() => isFollowing.peek() && follow(false)}
          handle={(made) => {
            map.current = made;
          }}
        />
        <button
          type="button"
          class="button live-near-button"
          onClick={() => {
            const middle = map.current?.camera();
            if (middle) askNear(middle);
            setOpen(true);
          }}
        >
          {t.live.nearestToMiddle}
        </button>
      </div>
      {imei !== null && <Selected.Part key={imei} imei={imei} vehicle={vehicle} onLayers={setOfSelected} />}
    </div>
  );
}

/** What was known first stays: an update does not move the map. */
function useFirst<T>(find: () => T | null): T | null {
  const found = useRef<T | null>(null);
  found.current ??= find();
  return found.current;
}

function useWide(): boolean {
  const [isWide, setWide] = useState(WIDE.matches);
  useEffect(() => {
    const look = () => setWide(WIDE.matches);
    WIDE.addEventListener("change", look);
    return () => WIDE.removeEventListener("change", look);
  }, []);
  return isWide;
}

/** A link to a vehicle shows it; one that is followed stays in the middle. */
function useSelectedInSight(
  map: { current: MapHandle | null },
  imei: string | null,
  lng: number | null,
  lat: number | null,
  isPlaced: boolean,
): void {
  const [linked] = useState(isPlaced ? null : imei);
  const isShown = useRef(false);
  const followed = isFollowing.value;
  useEffect(() => {
    if (imei === null || lng === null || lat === null) return;
    const zoom = Math.max(map.current?.camera().zoom ?? 0, SELECT_ZOOM);
    if (followed) map.current?.fly({ lng, lat, zoom });
    else if (imei === linked && !isShown.current) {
      isShown.current = true;
      // After the first fit, which happens in the same moment.
      setTimeout(() => map.current?.fly({ lng, lat, zoom: SELECT_ZOOM }));
    }
  }, [map, imei, lng, lat, followed, linked]);
}
