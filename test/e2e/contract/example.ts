import { type ApiDocument, examplesOf, type Parameter, type Place } from "./document.ts";
import type { WireRequest } from "./send.ts";

export const exampleOf = (parameter: Parameter) => parameter.example ?? parameter.schema.example;

export const isRequired = ({ required }: Parameter): boolean => required === true;

/** The request of an operation's own examples. */
export function exampleRequest(
  document: ApiDocument,
  { method, path, operation }: Place,
  wanted: (one: Parameter) => boolean,
): WireRequest {
  const parameters = operation.parameters?.filter(wanted) ?? [];
  const text = (one: Parameter) => encodeURIComponent(String(exampleOf(one)));
  const target = parameters
    .filter((one) => one.in === "path")
    .reduce((target, one) => target.replace(`{${one.name}}`, text(one)), path);
  const query = parameters.filter((one) => one.in === "query").map((one) => `${one.name}=${text(one)}`);
  const [body] = Object.entries(operation.requestBody?.content ?? {}).map(([type, media]) => ({
    type,
    text: JSON.stringify(examplesOf(document, media)[0]),
  }));
  return {
    method,
    target: query.length > 0 ? `${target}?${query.join("&")}` : target,
    headers: {
      ...Object.fromEntries(
        parameters.filter((one) => one.in === "header").map((one) => [one.name, String(exampleOf(one))]),
      ),
      ...(body && { "content-type": body.type }),
    },
    ...(body && { body: body.text }),
  };
}
