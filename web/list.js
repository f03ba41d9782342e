// @ts-check
// The list of vehicles. Rows are kept and only changed texts are written: 1,500 rows every 10 s on a phone.

import { formatShortAge, formatWhole, STATUS_WORDS } from "./format.js";

/** @typedef {{ item: HTMLLIElement, button: HTMLButtonElement, label: HTMLElement, who: HTMLElement, value: HTMLElement, age: HTMLElement }} Row */

/** @param {HTMLElement} element @param {string} text */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {string} imei @returns {Row} */
function createRow(imei) {
  const item = document.createElement("li");
  item.dataset.imei = imei;
  const button = document.createElement("button");
  button.type = "button";
  const part = (/** @type {string} */ name) => {
    const span = document.createElement("span");
    span.className = name;
    button.append(span);
    return span;
  };
  part("mark").setAttribute("aria-hidden", "true");
  const row = {
    item,
    button,
    label: part("label"),
    value: part("value"),
    who: part("who"),
    age: part("age"),
  };
  item.append(button);
  return row;
}

/** @param {import("./types.js").Vehicle} vehicle */
function stateOf({ status, facts }) {
  if (status === "moving" && facts.speedKmh !== null) return `${formatWhole(facts.speedKmh)} km/h`;
  return STATUS_WORDS[status];
}

/**
 * @param {HTMLElement} list
 * @param {(imei: string) => void} onChoose
 */
export function createList(list, onChoose) {
  /** @type {Map<string, Row>} */
  const rows = new Map();
  list.addEventListener("click", (event) => {
    const item = event.target instanceof Element ? event.target.closest("[data-imei]") : null;
    if (item instanceof HTMLElement && item.dataset.imei) onChoose(item.dataset.imei);
  });

  return {
    /**
     * @param {import("./types.js").Vehicle[]} vehicles in their order
     * @param {string | null} selectedImei
     * @param {number} serverNowMs
     */
    render(vehicles, selectedImei, serverNowMs) {
      const wanted = new Set(vehicles.map((v) => v.imei));
      for (const [imei, row] of rows) {
        if (wanted.has(imei)) continue;
        row.item.remove();
        rows.delete(imei);
      }
      /** @type {Element | null} */
      let place = list.firstElementChild;
      for (const vehicle of vehicles) {
        const { facts, status, imei, fixAtMs } = vehicle;
        const row = rows.get(imei) ?? createRow(imei);
        rows.set(imei, row);
        if (row.item === place) place = place.nextElementSibling;
        else list.insertBefore(row.item, place);
        row.item.dataset.status = status;
        write(row.label, vehicle.label);
        write(row.who, [facts.driver, facts.city].filter(Boolean).join(" · ") || facts.name || imei);
        write(row.value, stateOf(vehicle));
        write(row.age, Number.isNaN(fixAtMs) ? "never" : formatShortAge(serverNowMs - fixAtMs));
        if (imei === selectedImei) row.button.setAttribute("aria-current", "true");
        else row.button.removeAttribute("aria-current");
      }
    },
    /** @param {string} imei */
    reveal(imei) {
      rows.get(imei)?.item.scrollIntoView({ block: "nearest" });
    },
  };
}
