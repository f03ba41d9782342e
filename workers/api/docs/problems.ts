import { html } from "hono/html";
import { PROBLEM_CODES, PROBLEMS } from "../../../shared/errors.ts";
import { prose } from "./prose.ts";

/** Every code that an answer can carry, each under its own anchor: the `type` of a problem leads here. */
export const problemsSection = () => html`<section>
<h2 id="problems">Problems</h2>
<p>A refusal or failure is <code>application/problem+json</code> with a stable <code>code</code>; its <code>type</code> leads
to the code on this page. Quote the <code>requestId</code> when you report one.</p>
${PROBLEM_CODES.map(
  (code) => html`<article id="${code}" class="card problem">
<h3><code>${code}</code> <span class="soft">${PROBLEMS[code].status}</span></h3>
<p><strong>${PROBLEMS[code].title}.</strong> ${prose(PROBLEMS[code].remedy)}</p></article>`,
)}
</section>`;
