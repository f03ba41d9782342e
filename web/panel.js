// @ts-check
// The panel beside the map (a bottom sheet on phones): counts that filter, search, and the list.

import { formatWhole, STATUS_ORDER, STATUS_WORDS } from "./format.js";
import { createList } from "./list.js";

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * @param {import("./fleet.js").Fleet} fleet
 * @param {{ onChoose: (imei: string) => void, onFilter: () => void, onSheet: () => void }} handlers
 */
export function createPanel(fleet, { onChoose, onFilter, onSheet }) {
  const search = /** @type {HTMLInputElement} */ (byId("search"));
  const list = createList(byId("list"), onChoose);
  /** @type {Set<import("./types.js").Status>} empty: all of them */
  const only = new Set();
  const chips = STATUS_ORDER.map((status) => {
    const chip = document.createElement("button");
    const count = document.createElement("b");
    const word = document.createElement("span");
    chip.type = "button";
    chip.dataset.status = status;
    chip.setAttribute("aria-pressed", "false");
    word.textContent = STATUS_WORDS[status];
    count.textContent = "–";
    chip.append(count, word);
    chip.addEventListener("click", () => {
      if (!only.delete(status)) only.add(status);
      chip.setAttribute("aria-pressed", String(only.has(status)));
      onFilter();
    });
    byId("chips").append(chip);
    return { status, chip, count };
  });

  const handle = byId("sheet-handle");
  /** @param {boolean} open */
  function setSheet(open) {
    if ((handle.getAttribute("aria-expanded") === "true") === open) return;
    handle.setAttribute("aria-expanded", String(open));
    byId("sheet-handle-text").textContent = open ? "Hide the vehicle list" : "Show the vehicle list";
    byId("panel").classList.toggle("open", open);
    onSheet();
  }
  /** @type {number | null} */
  let grabbedY = null;
  handle.addEventListener("pointerdown", (event) => {
    grabbedY = event.clientY;
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointerup", (event) => {
    const draggedPx = event.clientY - (grabbedY ?? event.clientY);
    grabbedY = null;
    if (Math.abs(draggedPx) > 12) setSheet(draggedPx < 0);
  });
  // A tap and the keyboard come as a click; after a drag the sheet already is where it was dragged to.
  let draggedAtMs = 0;
  handle.addEventListener("pointermove", (event) => {
    if (grabbedY !== null && Math.abs(event.clientY - grabbedY) > 12) draggedAtMs = event.timeStamp;
  });
  handle.addEventListener("click", (event) => {
    if (draggedAtMs === 0 || event.timeStamp - draggedAtMs > 400)
      setSheet(handle.getAttribute("aria-expanded") !== "true");
  });

  const shown = () => fleet.sorted.filter((v) => only.size === 0 || only.has(v.status));
  const found = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    return shown().filter((v) => words.every((word) => v.haystack.includes(word)));
  };
  search.addEventListener("input", onFilter);
  search.addEventListener("focus", () => setSheet(true));
  search.addEventListener("keydown", (event) => {
    const first = found()[0];
    if (event.key === "Enter" && first) onChoose(first.imei);
  });

  return {
    /** What the chips let through: for the map. */
    shown,
    closeSheet: () => setSheet(false),
    reveal: list.reveal,
    /** @param {string | null} selectedImei @param {number} serverNowMs */
    render(selectedImei, serverNowMs) {
      for (const { status, count } of chips)
        count.textContent = formatWhole(fleet.sorted.filter((v) => v.status === status).length);
      const vehicles = found();
      list.render(vehicles, selectedImei, serverNowMs);
      byId("empty").hidden = vehicles.length > 0 || fleet.sorted.length === 0;
    },
  };
}
