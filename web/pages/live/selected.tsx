import { useEffect, useMemo } from "preact/hooks";
import type { LiveVehicle } from "../../client/index.js";
import type { MapLayer } from "../../map/map.tsx";
import { isDark } from "../../shell/theme.ts";
import { go } from "../../shell/url.ts";
import { Details } from "./details.tsx";
import { lineOf, useTrack } from "./last-hours.ts";
import { layersOf } from "./map-layers.ts";
import { nearestTickets, useOpenTickets } from "./near-tickets.ts";
import { useTail } from "./tail.ts";

interface Props {
  imei: string;
  /** As the stream has it; undefined for one that is not on the map. */
  vehicle: LiveVehicle | undefined;
  /** Is given what the map shows of it. */
  onLayers: (layers: readonly MapLayer[]) => void;
}

/** The selected vehicle: its card, its last hours and the tickets near it on the map. */
export function Selected({ imei, vehicle, onLayers }: Props) {
  const track = useTrack(imei);
  const tickets = useOpenTickets(true);
  const tail = useTail(vehicle, track.loadedAtMs);
  const trackNow = track.isOld ? null : track.data;
  const line = useMemo(() => lineOf(trackNow, tail), [trackNow, tail]);
  const { lng = null, lat = null } = vehicle ?? {};
  const nearTickets = useMemo(
    () => (lng === null || lat === null ? [] : nearestTickets(tickets.data, { lng, lat })),
    [tickets.data, lng, lat],
  );
  const dark = isDark();
  useEffect(() => {
    const onTicket = (ticket: string) => go("/tickets", { ticket });
    onLayers(layersOf({ line, isDark: dark, tickets: nearTickets, onTicket }));
  }, [line, dark, nearTickets, onLayers]);
  useEffect(() => () => onLayers([]), [onLayers]);
  return <Details {...{ imei, vehicle, tickets, nearTickets }} track={trackNow} />;
}
