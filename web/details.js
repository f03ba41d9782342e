// @ts-check
// The card of the selected vehicle.

import { formatAge, formatTenth, formatWhole, STATUS_WORDS } from "./format.js";

/** @param {string | null} at @param {number} nowMs */
function ago(at, nowMs) {
  const atMs = Date.parse(at ?? "");
  return Number.isNaN(atMs) ? "never" : `${formatAge(nowMs - atMs)} ago`;
}

/** Asked for, and not there yet: that is not the same as not known. */
const AWAITED = "…";

/** @param {import("./selection.js").Detail} detail */
function power({ contact }) {
  const { batteryPercent = null, externalVoltageV = null } = contact ?? {};
  const parts = [];
  if (batteryPercent !== null) parts.push(`${formatWhole(batteryPercent)} %`);
  if (externalVoltageV !== null) parts.push(`${formatTenth(externalVoltageV)} V`);
  return parts.join(" · ") || null;
}

/** @param {import("./selection.js").Detail} detail */
function odometer({ position }) {
  const odometerKm = position?.odometerKm ?? null;
  return odometerKm === null ? null : `${formatWhole(odometerKm)} km`;
}

/**
 * @param {import("./types.js").Vehicle} vehicle
 * @param {import("./selection.js").Detail | null} detail null while it is not there
 * @param {number} nowMs
 * @returns {[string, string | null][]} name and value; a value of null is not known
 */
function factsOf({ facts, status }, detail, nowMs) {
  return [
    ["Driver", facts.driver],
    ["Speed", facts.speedKmh === null || status === "silent" ? null : `${formatWhole(facts.speedKmh)} km/h`],
    ["Ignition", facts.ignition === null ? null : facts.ignition ? "on" : "off"],
    ["Last fix", ago(facts.fixAt, nowMs)],
    ["Last contact", ago(facts.contactAt, nowMs)],
    ["Odometer", detail ? odometer(detail) : AWAITED],
    ["Battery", detail ? power(detail) : AWAITED],
    ["Satellites", detail ? (detail.position?.satellites?.toString() ?? null) : AWAITED],
    ["City", facts.city],
    ["Account", facts.account],
    ["Tracker", facts.model],
    ["IMEI", facts.imei],
  ];
}

/**
 * @param {HTMLElement} card
 * @param {{ onClose: () => void, onCentre: () => void }} handlers
 */
export function createDetails(card, { onClose, onCentre }) {
  const title = document.createElement("h2");
  const subtitle = document.createElement("p");
  const centre = document.createElement("button");
  const close = document.createElement("button");
  const facts = document.createElement("dl");
  centre.type = close.type = "button";
  centre.className = "centre";
  centre.textContent = "Centre";
  close.className = "close";
  close.textContent = "×";
  close.setAttribute("aria-label", "Close the details");
  centre.addEventListener("click", onCentre);
  close.addEventListener("click", onClose);
  const head = document.createElement("header");
  const names = document.createElement("div");
  names.append(title, subtitle);
  head.append(names, centre, close);
  card.append(head, facts);
  /** @type {Map<string, HTMLElement>} */
  const values = new Map();

  return {
    /**
     * @param {import("./types.js").Vehicle | undefined} vehicle
     * @param {import("./selection.js").Detail | null} detail
     * @param {number} nowMs
     */
    render(vehicle, detail, nowMs) {
      card.hidden = !vehicle;
      if (!vehicle) return;
      card.dataset.status = vehicle.status;
      title.textContent = vehicle.label;
      const name = vehicle.facts.name === vehicle.label ? null : vehicle.facts.name;
      subtitle.textContent = [STATUS_WORDS[vehicle.status], name].filter(Boolean).join(" · ");
      centre.disabled = !vehicle.placed;
      for (const [term, value] of factsOf(vehicle, detail, nowMs)) {
        let cell = values.get(term);
        if (!cell) {
          const row = document.createElement("div");
          const dt = document.createElement("dt");
          cell = document.createElement("dd");
          dt.textContent = term;
          row.append(dt, cell);
          facts.append(row);
          values.set(term, cell);
        }
        const text = value ?? "not known";
        if (cell.textContent !== text) cell.textContent = text;
        cell.classList.toggle("missing", value === null);
      }
    },
  };
}
