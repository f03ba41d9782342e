import "./styles/main.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./shell/app.tsx";
import { startClock } from "./shell/clock.ts";
import { followFleet } from "./shell/fleet.ts";
import { forgetAnswers } from "./shell/kept-answers.ts";
import { keyNumber } from "./shell/key.ts";
import { loadPage, pageOf } from "./shell/pages.ts";
import { startSession } from "./shell/session.ts";
import { startTheme } from "./shell/theme.ts";
import { listenToNavigation, path } from "./shell/url.ts";

// Each begins before the next is needed: on a slow line every round trip is two seconds.
startTheme();
effect(() => {
  keyNumber.value;
  forgetAnswers();
});
startSession();
const first = pageOf(path.value);
if (first?.name === "live") followFleet();
if (first) loadPage(first);
startClock();
listenToNavigation((to) => pageOf(to) !== null);

const root = document.getElementById("app");
if (root) {
  root.replaceChildren();
  render(<App />, root);
}
