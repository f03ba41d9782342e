// From the plain canvas to MapLibre, once that is there; and back, where it cannot be.

import * as library from "maplibre-gl?urls";
import { effect } from "@preact/signals";
import { storedKey } from "../shell/key.ts";
import { session } from "../shell/session.ts";
import { isDark } from "../shell/theme.ts";
import { t } from "../texts/en.ts";
import { type Basemap, loadBasemap } from "./basemap.ts";
import type { MapElements, Stage } from "./controller.ts";
import type { GlView, Style } from "./engine.ts";
import { NO_PADDING } from "./geo.ts";
import { type Palette, paletteOf } from "./palette.ts";
import type { PlainView } from "./plain/view.ts";
import type { MapView, ViewEvents } from "./view.ts";

/** A server that does not say what the map lies on in this time gets outlines laid under it. */
const SESSION_PATIENCE_MS = 6_000;
/** The library may fail to come on a bad line: tried again so often. */
const TRIES = 4;

interface Start {
  label: string;
  /** Of the element with the map's text. */
  describedBy: string;
  isCalm: () => boolean;
  plain: PlainView;
  /** @param hasNames whether it names towns itself */
  onView(view: MapView, stage: Stage, hasNames: boolean): void;
}

/** Loads MapLibre behind the plain canvas, and shows it when its first picture is there. */
export function startEngine(elements: MapElements, events: ViewEvents, start: Start) {
  let gl: GlView | null = null;
  let isShown = false;
  let isOver = false;
  let endMotion = () => {};
  let basemap: Basemap | null = null;
  let hasNames = false;
  let stageOfGl: Stage = "full";

  /** The plain canvas is all there will be: readers move it instead. */
  async function stay(stage: Stage) {
    if (isOver) return;
    // Where the reader has moved it meanwhile.
    if (gl !== null && isShown) start.plain.set(gl.projection().camera);
    gl?.remove();
    gl = null;
    isShown = false;
    elements.root.dataset.map = stage;
    const motion = await import("./plain/motion.ts").catch(() => null);
    if (isOver) return;
    if (motion) {
      endMotion = motion.animate(start.plain, elements.base, events, start.isCalm);
      elements.base.tabIndex = 0;
      elements.base.setAttribute("role", "application");
    }
    // What does not move either is to be loaded anew.
    start.onView(start.plain, motion ? stage : "not-loaded", false);
  }

  async function load() {
    if (!hasWebGl()) return stay("no-webgl");
    const [engine, outlines] = await Promise.all([
      importEngine(),
      loadBasemap().catch(() => null),
      sessionOrPatience(),
    ]);
    if (isOver) return;
    if (engine === null) return stay("not-loaded");
    basemap = outlines;
    let settings = session.peek()?.map ?? null;
    hasNames = settings !== null && (settings.styleUrl !== null || settings.base !== null);
    const style = (palette: Palette): Style => engine.styleOf(settings, basemap, palette);
    /** Nothing is drawn behind the plain canvas that nobody sees yet. */
    const quiet: ViewEvents = {
      ...events,
      onFrame: () => isShown && events.onFrame(),
      onMoved: (camera, isByHand) => isShown && events.onMoved(camera, isByHand),
      onHover: (px, py) => isShown && events.onHover(px, py),
    };
    try {
      gl = engine.createGlView(elements.gl, quiet, {
        ...{
          label: start.label,
          describedBy: start.describedBy,
          isCalm: start.isCalm(),
          texts: t.map.locale,
        },
        camera: start.plain.projection().camera,
        padding: NO_PADDING,
        style: style(paletteOf(isDark())),
        headers: (): Record<string, string> => {
          const key = storedKey();
          return key === null ? {} : { authorization: `Bearer ${key}` };
        },
        hasCredits: settings?.styleUrl != null,
        onStyleFailed() {
          // That of somebody else's, which is away: ours is here.
          if (settings?.styleUrl == null) return;
          settings = { ...settings, styleUrl: null };
          hasNames = settings.base !== null;
          stageOfGl = "no-style";
          gl?.setStyle(style(paletteOf(isDark())));
          if (isShown && gl) start.onView(gl, stageOfGl, hasNames);
        },
        onReady: show,
        onLost: () => void stay("no-webgl"),
      });
    } catch (error) {
      console.warn("The map could not be drawn with WebGL.", error);
      return stay("no-webgl");
    }
    restyle = (palette) => {
      const next = style(palette);
      // Somebody else's has the colours that it has.
      if (typeof next !== "string") gl?.setStyle(next);
    };
  }
  let restyle = (_: Palette) => {};

  function show() {
    if (isOver || gl === null || isShown) return;
    // The reader may have looked elsewhere meanwhile.
    gl.setPadding(start.plain.projection().padding);
    gl.move(start.plain.projection().camera, true);
    isShown = true;
    elements.root.dataset.map = "full";
    start.onView(gl, stageOfGl, hasNames);
  }

  const begin = setTimeout(() => void load());
  return {
    setPalette: (palette: Palette) => restyle(palette),
    resize: () => gl?.resize(),
    remove() {
      isOver = true;
      clearTimeout(begin);
      endMotion();
      gl?.remove();
    },
  };
}

function hasWebGl(): boolean {
  const context = document.createElement("canvas").getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}

async function importEngine() {
  askAhead();
  for (let tries = 1; tries <= TRIES; tries++) {
    try {
      return await import("./engine.ts");
    } catch (error) {
      console.warn("The map's library could not be loaded.", error);
      await new Promise((resolve) => setTimeout(resolve, 2 ** tries * 500));
    }
  }
  return null;
}

/** What the engine will ask for is on its way while the engine itself comes: no round trip waits for another. */
function askAhead(): void {
  for (const ahead of [
    { rel: "modulepreload", href: library.script },
    { rel: "preload", as: "style", href: library.style },
  ]) {
    if (!document.querySelector(`link[href="${ahead.href}"]`))
      document.head.append(Object.assign(document.createElement("link"), ahead));
  }
}

function sessionOrPatience(): Promise<void> {
  return new Promise((resolve) => {
    const end = effect(() => {
      if (session.value !== null) queueMicrotask(done);
    });
    const timer = setTimeout(done, SESSION_PATIENCE_MS);
    function done() {
      clearTimeout(timer);
      end();
      resolve();
    }
  });
}
