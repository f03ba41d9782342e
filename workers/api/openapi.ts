import type { OpenAPIHono, RouteConfig } from "@hono/zod-openapi";
import { PROBLEM_CODES, PROBLEMS } from "../../shared/errors.ts";
import { answerUnlessCurrent } from "./conditional.ts";
import type { ApiEnv } from "./context.ts";
import { exampleProblem, problemsOf } from "./schemas.ts";
import { scopeOf } from "./scopes.ts";

/** Semantic: a higher middle for what is added; `npm run openapi` takes what breaks a client under a higher major only. */
const API_VERSION = "1.12.0";

export type ApiDocument = ReturnType<OpenAPIHono<ApiEnv>["getOpenAPI31Document"]>;

/** What any route may answer, so that none has to say it. */
const ANYWHERE = problemsOf("uri_too_long", "internal", "misconfigured");

/** What a route answers where the environment only reads, unless it needs no more than `read`. */
const OF_READERS = problemsOf("not_here");

const HEADERS = {
  RequestId: {
    description: "Id of this request, in the log too",
    schema: { type: "string", format: "uuid" },
  },
  RatePolicy: {
    description: "How many requests (`q`) are good in how many seconds (`w`)",
    schema: { type: "string" },
    example: '"default";q=600;w=60',
  },
  RetryAfter: {
    description: "Seconds to wait before the next try",
    schema: { type: "integer" },
    example: 60,
  },
} as const;

const header = (name: keyof typeof HEADERS) => ({ $ref: `#/components/headers/${name}` });

/** `GET /openapi.json`: OpenAPI 3.1, from the schemas that validate the requests. @returns The document, made once. */
export function openApiDocument(api: OpenAPIHono<ApiEnv>): () => ApiDocument {
  let made: ApiDocument | undefined;
  const document = () => {
    made ??= describe(api);
    return made;
  };
  api.get("/openapi.json", (c) => answerUnlessCurrent(c, JSON.stringify(document()), "application/json"));
  return document;
}

function describe(api: OpenAPIHono<ApiEnv>): ApiDocument {
  const { openAPIRegistry } = api;
  openAPIRegistry.registerComponent("securitySchemes", "key", {
    type: "http",
    scheme: "bearer",
    description:
      "`Authorization: Bearer <key>`: a publishable key (pk_) from its origins, or a secret key (sk_)",
  });
  openAPIRegistry.registerComponent("securitySchemes", "ticket", {
    type: "apiKey",
    in: "query",
    name: "ticket",
    description: "Opens a stream; part of the URL that `/v1/live/stream-url` gives",
  });
  for (const [name, description] of Object.entries(HEADERS)) {
    openAPIRegistry.registerComponent("headers", name, description);
  }
  for (const code of PROBLEM_CODES) {
    openAPIRegistry.registerComponent("examples", code, {
      summary: PROBLEMS[code].title,
      value: exampleProblem(code),
    });
  }
  for (const definition of openAPIRegistry.definitions) {
    if (definition.type !== "route") continue;
    const { method, path, responses } = definition.route;
    const asksForMore = path.startsWith("/v1/") && scopeOf(method.toUpperCase(), path) !== "read";
    definition.route.responses = withEveryAnswer({ ...(asksForMore && OF_READERS), ...responses });
  }
  return api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "tracksolid-edge",
      version: API_VERSION,
      description:
        "Fleet telematics. Times are UTC, distances km, speeds km/h. Errors are application/problem+json.",
    },
  });
}

/** A route's answers with those that any route gives, and with the headers that each carries. */
function withEveryAnswer(own: RouteConfig["responses"]): RouteConfig["responses"] {
  const isLimited = "429" in own;
  return Object.fromEntries(
    Object.entries({ ...ANYWHERE, ...own }).map(([status, answer]) => [
      status,
      {
        ...answer,
        headers: {
          "X-Request-Id": header("RequestId"),
          ...(isLimited && { "RateLimit-Policy": header("RatePolicy") }),
          ...((status === "429" || status === "503") && { "Retry-After": header("RetryAfter") }),
          ...("headers" in answer ? answer.headers : {}),
        },
      },
    ]),
  );
}
