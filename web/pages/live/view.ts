// The state of the page that its URL holds: what is selected, followed, asked about, and where the map looks.

import { computed, type ReadonlySignal } from "@preact/signals";
import type { Camera, Place } from "../../map/geo.ts";
import { query, setQuery } from "../../shell/url.ts";

const numbersIn = (text: string | undefined): number[] | null => {
  const numbers = (text ?? "").split(",").map(Number);
  return text && numbers.every(Number.isFinite) ? numbers : null;
};

const isPlace = (lat: number, lng: number) => Math.abs(lat) <= 85 && Math.abs(lng) <= 180;

export const selectedImei: ReadonlySignal<string | null> = computed(() => {
  const { vehicle } = query.value;
  return vehicle !== undefined && /^\d{14,17}$/.test(vehicle) ? vehicle : null;
});

export const isFollowing: ReadonlySignal<boolean> = computed(
  () => selectedImei.value !== null && query.value.follow === "1",
);

/** The place whose nearest vehicles are asked for. */
export const nearPlace: ReadonlySignal<Place | null> = computed(() => {
  const [lat = 91, lng = 181] = numbersIn(query.value.near) ?? [];
  return isPlace(lat, lng) ? { lat, lng } : null;
});

export type Tab = "vehicles" | "alarms";

export const tab: ReadonlySignal<Tab> = computed(() =>
  query.value.tab === "alarms" ? "alarms" : "vehicles",
);

/** Where a link says that the map looks; null where it does not. */
export function cameraInLink(): Camera | null {
  const [lat = 91, lng = 181, zoom = Number.NaN] = numbersIn(query.peek().at) ?? [];
  return isPlace(lat, lng) && zoom >= 0 && zoom <= 24 ? { lat, lng, zoom } : null;
}

export const select = (imei: string | null): void =>
  setQuery({ vehicle: imei, follow: null }, { replace: imei === null || selectedImei.peek() !== null });

export const follow = (on: boolean): void => setQuery({ follow: on ? "1" : null });

export const askNear = (place: Place | null): void =>
  setQuery({ near: place && `${place.lat.toFixed(5)},${place.lng.toFixed(5)}` });

export const noteCamera = ({ lat, lng, zoom }: Camera): void =>
  setQuery({ at: `${lat.toFixed(5)},${lng.toFixed(5)},${zoom.toFixed(2)}` });
