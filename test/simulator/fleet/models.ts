/** What a tracker model reports, and how. The names are those of reference §6.1 and of the first fleet. */
export interface Model {
  mcType: string;
  icon: string;
  scope: string;
  brand: string;
  /** Without an ignition wire `accStatus` stays "0" even at speed (§4, quirk 38). */
  ignitionWire: boolean;
  /** Models without an external supply answer `powerValue: null`. */
  externalPower: boolean;
  /** `speed` is null instead of "0" when parked (§2.6). */
  nullSpeedWhenParked: boolean;
  /** `electQuantity` is "" on models whose battery the platform does not know (§4, quirk 15). */
  batteryPercent: boolean;
  share: number;
}

const wired = {
  icon: "automobile",
  scope: "automobile",
  ignitionWire: true,
  externalPower: true,
  nullSpeedWhenParked: false,
  batteryPercent: true,
};

export const MODELS: readonly Model[] = [
  { ...wired, mcType: "X3", brand: "Toyota Probox", share: 0.38 },
  { ...wired, mcType: "GT06N", icon: "truck", brand: "Isuzu NQR", nullSpeedWhenParked: true, share: 0.16 },
  { ...wired, mcType: "JC400P", icon: "bus", brand: "Toyota HiAce", batteryPercent: false, share: 0.2 },
  { ...wired, mcType: "VL802", icon: "mtc", brand: "Bajaj Boxer", batteryPercent: false, share: 0.12 },
  {
    ...wired,
    mcType: "AT4",
    icon: "other",
    scope: "others",
    brand: "Trailer",
    ignitionWire: false,
    externalPower: false,
    nullSpeedWhenParked: true,
    share: 0.14,
  },
];

/** The model at a place in [0, 1) of the fleet's mix. */
export function modelAt(place: number): Model {
  let left = place;
  for (const model of MODELS) {
    left -= model.share;
    if (left < 0) return model;
  }
  return MODELS[0] as Model; // the shares add up to 1 but for rounding
}
