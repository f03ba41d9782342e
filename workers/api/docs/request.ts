import type { Parameter, Place } from "./document.ts";

/** A request to copy, from the examples: what is required, and the first of what is not. */
export function requestToCopy(origin: string, { method, path, operation }: Place): string {
  const { parameters = [], requestBody, responses, security } = operation;
  const shown = parameters.filter(({ schema }) => schema?.example !== undefined);
  const placed = shown
    .filter((one) => one.in === "path")
    .reduce((text, one) => text.replace(`{${one.name}}`, exampleText(one)), path);
  const [firstQuery, ...otherQueries] = shown.filter((one) => one.in === "query");
  const query = [firstQuery, ...otherQueries.filter(({ required }) => required)]
    .flatMap((one) => (one ? [`${one.name}=${exampleText(one)}`] : []))
    .join("&");
  const url = `${origin}${placed}${query && `?${query}`}`;
  if ("101" in responses) return `new WebSocket("${url.replace(/^http/, "ws")}")`;
  const verb = method === "GET" ? "" : ` -X ${method}`;
  const key = security?.length ? ' -H "Authorization: Bearer $KEY"' : "";
  const [body] = Object.entries(requestBody?.content ?? {}).map(
    ([type, { example }]) => ` -H "Content-Type: ${type}" -d '${JSON.stringify(example)}'`,
  );
  return `curl${verb}${key}${body ?? ""} "${url}"`;
}

/** A comma may stand in a query as it is, and is read more easily so. */
const exampleText = ({ schema }: Parameter) =>
  encodeURIComponent(String(schema?.example)).replaceAll("%2C", ",");
