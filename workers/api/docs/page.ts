import { html } from "hono/html";
import { RATE_LIMITS } from "../admission.ts";
import type { ApiDocument } from "../openapi.ts";
import { operationsOf } from "./document.ts";
import { operationSection } from "./operation.ts";
import { problemsSection } from "./problems.ts";
import { operationAnchor, prose, schemaAnchor } from "./prose.ts";
import { propertyTable } from "./schema.ts";

/** The whole page. @param origin Where the API is asked, for examples to copy */
export function page(document: ApiDocument, origin: string) {
  const operations = operationsOf(document);
  const schemas = Object.entries(document.components?.schemas ?? {});
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="dark light" />
<title>${document.info.title} API ${document.info.version}</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml" />
<link rel="stylesheet" href="/docs.css" />
</head>
<body>
<nav aria-label="On this page">
<p><a href="#top"><strong>${document.info.title}</strong></a></p>
<ul>
<li><a href="#keys">Keys and limits</a></li>
<li><a href="#operations">Operations</a>
<ul>${operations.map(
    ({ method, path }) =>
      html`<li><a href="#${operationAnchor(method, path)}"><span class="method">${method}</span> <code>${path}</code></a></li>`,
  )}</ul></li>
<li><a href="#schemas">Schemas</a>
<ul class="schemas">${schemas.map(([name]) => html`<li><a href="#${schemaAnchor(name)}">${name}</a></li>`)}</ul></li>
<li><a href="#problems">Problems</a></li>
</ul>
</nav>
<main id="top">
<h1>API <span class="soft">${document.info.version}</span></h1>
<p>${prose(document.info.description)}</p>
<p>Base URL: <code>${origin}</code>. For programs, the same in <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1). What is
said here stays true within a major version: properties, parameters, operations and problem codes may be added, so ignore what
you do not know.</p>
${keysSection()}
<h2 id="operations">Operations</h2>
${operations.map((operation) => operationSection(document, origin, operation))}
<h2 id="schemas">Schemas</h2>
${schemas.map(
  ([name, schema]) =>
    html`<section id="${schemaAnchor(name)}" class="card"><h3>${name}</h3>${propertyTable(schema)}</section>`,
)}
${problemsSection()}
</main>
</body>
</html>`;
}

const keysSection = () => html`<section>
<h2 id="keys">Keys and limits</h2>
<p>Send <code>Authorization: Bearer &lt;key&gt;</code>, never in a URL. A secret key (<code>sk_</code>) stays on a server and is
good for ${RATE_LIMITS.KEY_LIMITER.quota} requests a minute. A publishable key (<code>pk_</code>) may stand in a page: it only
reads, works from the origins it was made for, and is good for ${RATE_LIMITS.READ_LIMITER.quota} a minute. Tiles of
maps are counted apart: ${RATE_LIMITS.TILE_LIMITER.quota} a minute for either. Answers to a limited caller say so in <code>RateLimit-Policy</code>; beyond the limit comes <a href="#too_many_requests"><code>429</code></a> with
<code>Retry-After</code>.</p>
<p>Pages of other origins can read the answers where this deployment lists them; cookies are never used. <code>HEAD</code> works
wherever <code>GET</code> does. Answers with an <code>ETag</code> are answered <code>304</code> when you send it back in
<code>If-None-Match</code>.</p>
</section>`;
