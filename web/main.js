// @ts-check
// Composes the page: the live fleet onto the map and into the panel.

import { drawBaseLayer } from "./base-layer.js";
import { loadBasemap } from "./basemap.js";
import { createCamera } from "./camera.js";
import { createConnection } from "./connection.js";
import { createDetails } from "./details.js";
import { createFleet } from "./fleet.js";
import { listenToGestures } from "./gestures.js";
import { drawGraticule, drawScaleBar } from "./graticule.js";
import { createKeyForm } from "./key-form.js";
import { drawNames } from "./labels.js";
import { currentPalette, onPaletteChange } from "./palette.js";
import { createPanel } from "./panel.js";
import { createSelection } from "./selection.js";
import { attend, client, followFleet } from "./start.js";
import { drawTrails } from "./trails.js";
import { createVehicleLayer } from "./vehicle-layer.js";

/** Ages on the page and the dimming of markers are renewed this often. */
const AGES_EVERY_MS = 5_000;
const SELECT_ZOOM = 14;

const root = document.documentElement;
/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const baseCanvas = /** @type {HTMLCanvasElement} */ (byId("base"));
const mapCanvas = /** @type {HTMLCanvasElement} */ (byId("map"));
const baseContext = /** @type {CanvasRenderingContext2D} */ (baseCanvas.getContext("2d", { alpha: false }));
const mapContext = /** @type {CanvasRenderingContext2D} */ (mapCanvas.getContext("2d"));
const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");
const calm = () => lessMotion.matches;

/** @type {import("./basemap.js").Basemap | null} */
let basemap = null;
/** @type {string | null} */
let hoveredImei = null;
let updates = 0;
let baseIsOld = true;
let fleetIsOld = false;
let frameAsked = false;

// The canvas takes the arrow keys itself; its label says so.
mapCanvas.setAttribute("role", "application");

const fleet = createFleet();
const selection = createSelection(client, () => renderTexts());
const layer = createVehicleLayer();
const camera = createCamera({ calm, onChange: () => redraw(true) });

/** @param {boolean} [base] the view changed, not only the vehicles */
function redraw(base = false) {
  baseIsOld ||= base;
  if (!frameAsked) requestAnimationFrame(draw);
  frameAsked = true;
}

/** @param {number} nowMs */
function draw(nowMs) {
  frameAsked = false;
  if (fleetIsOld) showFleet();
  const moving = camera.step(nowMs);
  const gliding = fleet.step(nowMs);
  const palette = currentPalette();
  const pixelRatio = mapCanvas.width / camera.width;
  if (baseIsOld) {
    baseIsOld = false;
    drawBaseLayer(baseContext, camera, basemap, palette);
    drawGraticule(baseContext, camera, palette);
    if (basemap) drawNames(baseContext, camera, basemap, palette, layer.discs(camera));
  }
  mapContext.clearRect(0, 0, camera.width, camera.height);
  const now = client.nowMs();
  drawTrails(mapContext, camera, panel.shown(), selection.imei, palette, now);
  layer.draw(mapContext, camera, palette, {
    selectedImei: selection.imei,
    hoveredImei,
    serverNowMs: now,
    pixelRatio,
  });
  // Last, over the vehicles: they would cover it.
  drawScaleBar(mapContext, camera, palette);
  if (updates > 0) root.dataset.ready = "1";
  if (moving || gliding) redraw(moving);
}

const details = createDetails(byId("details"), {
  onClose: () => {
    select(null);
    mapCanvas.focus({ preventScroll: true });
  },
  onCentre: () => centre(),
});
const panel = createPanel(fleet, {
  onChoose: (imei) => {
    select(imei);
    panel.closeSheet();
    centre();
  },
  onFilter: () => showFleet(),
  onSheet: () => measure(),
});

function showFleet() {
  fleetIsOld = false;
  layer.setVehicles(panel.shown());
  renderTexts();
  redraw(true);
}

function renderTexts() {
  panel.render(selection.imei, client.nowMs());
  renderDetails();
}

function renderDetails() {
  details.render(fleet.get(selection.imei), selection.detail, client.nowMs());
}

/** @param {string | null} imei */
function select(imei) {
  selection.choose(imei);
  renderTexts();
  measure();
  if (imei) panel.reveal(imei);
}

function centre() {
  const vehicle = fleet.get(selection.imei);
  if (vehicle?.placed) camera.flyTo(vehicle.toX, vehicle.toY, Math.max(camera.zoom, SELECT_ZOOM));
}

/** @param {{ instantly?: boolean }} [options] */
const fitAll = (options) =>
  camera.fit(
    panel.shown().flatMap((v) => (v.placed ? [{ x: v.toX, y: v.toY }] : [])),
    options,
  );

/** Sizes the canvases to the window and tells the camera what the panel covers. */
function measure() {
  const { clientWidth: width, clientHeight: height } = mapCanvas;
  // More than 3 pixels a pixel costs time and shows nothing.
  const pixelRatio = Math.min(3, devicePixelRatio || 1);
  for (const canvas of [baseCanvas, mapCanvas]) {
    const [w, h] = [Math.round(width * pixelRatio), Math.round(height * pixelRatio)];
    if (canvas.width !== w || canvas.height !== h) {
      canvas.width = w;
      canvas.height = h;
    }
  }
  baseContext.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  mapContext.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  const panelBox = byId("panel").getBoundingClientRect();
  const sheet = panelBox.width > width * 0.7;
  const cardBox = byId("details").getBoundingClientRect();
  const covered = sheet ? height - Math.min(panelBox.top, cardBox.height ? cardBox.top : height) : 0;
  // An open sheet covers more than half: the map behind it stays as it was, ready for when it closes.
  const bottom = Math.min(covered, height * 0.55);
  const tools = byId("tools").getBoundingClientRect();
  const right = sheet ? 0 : width - Math.min(tools.left, cardBox.width ? cardBox.left : tools.left);
  camera.resize(width, height, { top: 0, right, bottom, left: sheet ? 0 : panelBox.right });
}

const connection = createConnection({
  banner: byId("banner"),
  status: byId("status"),
  clock: byId("clock"),
  nowMs: client.nowMs,
});
const keyForm = createKeyForm(/** @type {HTMLFormElement} */ (byId("key-form")), followFleet);

listenToGestures(mapCanvas, camera, {
  onTap: (px, py, touch) => {
    panel.closeSheet();
    const { vehicle, cluster } = layer.hit(camera, px, py, touch);
    if (cluster) camera.fit(cluster.members.map((v) => ({ x: v.toX, y: v.toY })));
    else select(vehicle?.imei ?? null);
  },
  onHover: (px, py) => {
    const { vehicle, cluster } = layer.hit(camera, px, py, false);
    mapCanvas.dataset.over = vehicle || cluster ? "1" : "";
    if (hoveredImei === (vehicle?.imei ?? null)) return;
    hoveredImei = vehicle?.imei ?? null;
    redraw();
  },
  onFit: () => fitAll(),
  onEscape: () => select(null),
});
byId("zoom-in").addEventListener("click", () => camera.zoomSmoothly(1));
byId("zoom-out").addEventListener("click", () => camera.zoomSmoothly(-1));
byId("fit").addEventListener("click", () => fitAll());

new ResizeObserver(measure).observe(mapCanvas);
measure();
onPaletteChange(() => redraw(true));

attend({
  onChange: (change) => {
    const first = updates === 0;
    fleet.apply(change, performance.now(), calm());
    selection.follow(change);
    const contacts = fleet.sorted.map((v) => Date.parse(v.facts.contactAt ?? v.facts.fixAt ?? "") || 0);
    connection.shows({
      behindSince: change.behindSince,
      heardAtMs: contacts.length ? contacts.reduce((a, b) => Math.max(a, b)) || Number.NaN : Number.NaN,
      count: fleet.sorted.length,
    });
    keyForm.hide();
    updates += 1;
    root.dataset.updates = String(updates);
    // Several messages may come in one frame, and a hidden page draws none.
    fleetIsOld = true;
    redraw(true);
    if (first) fitAll({ instantly: true });
  },
  onState: (state) => connection.became(state),
  onStop: (error) => keyForm.show(error),
});

setInterval(() => {
  if (document.hidden) return;
  renderTexts();
  redraw();
}, AGES_EVERY_MS);
setInterval(renderDetails, 1000);

loadBasemap().then(
  (loaded) => {
    basemap = loaded;
    redraw(true);
  },
  // Vehicles, list and graticule work without it.
  (error) => console.warn("The base map could not be loaded; reload the page to try again.", error),
);
