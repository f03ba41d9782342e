import { html } from "hono/html";
import type { ApiDocument } from "../openapi.ts";
import { type Answer, nameOf, type Parameter, type Place } from "./document.ts";
import { operationAnchor, pretty, prose } from "./prose.ts";
import { requestToCopy } from "./request.ts";
import { propertyTable, typeInWords } from "./schema.ts";

/** An operation: what it takes, how to ask, what it answers. */
export function operationSection(document: ApiDocument, origin: string, place: Place) {
  const { method, path, operation } = place;
  const { parameters = [], requestBody, responses } = operation;
  const bodies = Object.entries(requestBody?.content ?? {});
  const answers = Object.entries(responses);
  return html`<section id="${operationAnchor(method, path)}" class="card">
<h3><span class="method">${method}</span> <code>${path}</code></h3>
<p>${prose(operation.summary)}</p>
${operation.description ? html`<p>${prose(operation.description)}</p>` : ""}
<p class="soft">${operation.security?.length ? html`Needs a <a href="#keys">key</a>.` : "Open to everybody."}</p>
${parameters.length > 0 ? parameterTable(parameters) : ""}
${bodies.map(([type, { schema }]) => html`<h4>Body, <code>${type}</code></h4>${propertyTable(schema ?? {})}`)}
<pre><code>${requestToCopy(origin, place)}</code></pre>
<h4>Answers</h4>
<dl class="answers">${answers.map(([status, answer]) => answerItem(status, answer))}</dl>
${answers.filter(([status]) => status < "300").map(([, answer]) => examplesOf(document, answer))}
</section>`;
}

const parameterTable = (parameters: Parameter[]) => html`<div class="scroll"><table>
<thead><tr><th>Parameter</th><th>Type</th><th>Meaning</th></tr></thead>
<tbody>${parameters.map(parameterRow)}</tbody></table></div>`;

function parameterRow({ name, required, description, schema = {} }: Parameter) {
  const otherwise = schema.default;
  const { example } = schema;
  return html`<tr><td><code>${name}</code>${required ? html` <small>required</small>` : ""}</td>
<td>${typeInWords(schema)}</td>
<td>${prose(description)}${otherwise === undefined ? "" : html` <small>default <code>${String(otherwise)}</code></small>`}
${example === undefined ? "" : html`<small>e.g. <code>${String(example)}</code></small>`}</td></tr>`;
}

function answerItem(status: string, { content = {}, description }: Answer) {
  const { "application/problem+json": problems, ...bodies } = content;
  const said = [
    ...Object.entries(bodies).map(
      ([type, { schema }]) => html`${schema ? typeInWords(schema) : ""} <small>${type}</small>`,
    ),
    ...Object.keys(problems?.examples ?? {}).map((code) => html`<a href="#${code}"><code>${code}</code></a>`),
  ];
  const isProblemAlone = problems !== undefined && Object.keys(bodies).length === 0;
  const lead = isProblemAlone ? "" : `${description}${said.length > 0 ? ": " : ""}`;
  return html`<div><dt><code>${status}</code></dt>
<dd>${prose(lead)}${said.map((part, at) => html`${at ? " or " : ""}${part}`)}</dd></div>`;
}

/** Examples of an answer's bodies, from the media type or from the schema it names. */
function examplesOf(document: ApiDocument, answer: Answer) {
  return Object.entries(answer.content ?? {}).map(([type, media]) => {
    const name = media.schema && nameOf(media.schema);
    const schema = name ? document.components?.schemas?.[name] : media.schema;
    const example = media.example ?? (schema && "example" in schema ? schema.example : undefined);
    if (example === undefined) return "";
    return html`<details><summary>Example of <code>${type}</code></summary><pre><code>${pretty(example)}</code></pre></details>`;
  });
}
