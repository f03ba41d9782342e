import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Api, startApi } from "./api.ts";
import { checkAnswer } from "./check.ts";
import { complaintOf, examplesOf, type Place } from "./document.ts";
import { exampleOf, exampleRequest, isRequired } from "./example.ts";
import { WEBSOCKET_HEADERS } from "./send.ts";

let api: Api;

beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
});

const isStream = ({ operation }: Place) => "101" in operation.responses;

const withAll = (place: Place) => exampleRequest(api.document, place, () => true);
const withRequired = (place: Place) => exampleRequest(api.document, place, isRequired);

describe("every operation", () => {
  it("is documented at all", () => {
    expect(api.operations.length).toBeGreaterThanOrEqual(6);
  });

  it("has an example of every parameter and of every body", () => {
    const without = api.operations.flatMap(({ name, operation }) => [
      ...(operation.parameters ?? [])
        .filter((one) => exampleOf(one) === undefined)
        .map((one) => `${name}: parameter ${one.name}`),
      ...Object.entries(operation.responses).flatMap(([status, { content }]) =>
        Object.entries(content ?? {})
          .filter(([, media]) => examplesOf(api.document, media).length === 0)
          .map(([type]) => `${name}: ${status} ${type}`),
      ),
    ]);
    expect(without).toEqual([]);
  });

  it("shows examples that are as its schemas say", () => {
    const wrong = api.operations.flatMap(({ name, operation }) =>
      Object.entries(operation.responses).flatMap(([status, { content }]) =>
        Object.values(content ?? {}).flatMap((media) =>
          examplesOf(api.document, media)
            .map((example) => complaintOf(api.document, media, example))
            .filter((complaint) => complaint !== undefined)
            .map((complaint) => `${name}: ${status}: ${complaint}`),
        ),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it("answers its examples as documented, with and without what may be left out", async () => {
    for (const place of api.operations) {
      for (const request of [withAll(place), withRequired(place)]) {
        await api.renew();
        const answer = await api.ask(request);
        checkAnswer(api.document, place, request, answer);
        if (!isStream(place)) expect([place.name, answer.status < 400]).toEqual([place.name, true]);
      }
    }
  });

  it("answers a WebSocket as documented where it offers one", async () => {
    for (const place of api.operations.filter(isStream)) {
      const request = withAll(place);
      const upgrade = { ...request, headers: { ...request.headers, ...WEBSOCKET_HEADERS } };
      checkAnswer(api.document, place, upgrade, await api.ask(upgrade));
    }
  });

  it("answers HEAD like GET, without the body", async () => {
    /** What differs from answer to answer, or tells how a body is sent. */
    const passing = ["x-request-id", "date", "content-length", "transfer-encoding", "connection", "etag"];
    await api.renew();
    for (const place of api.operations.filter(({ method }) => method === "GET")) {
      const [get, head] = await Promise.all(
        ["GET", "HEAD"].map((method) => api.ask({ ...withAll(place), method })),
      );
      expect(head?.text).toBe("");
      const lasting = (headers: Record<string, string> = {}) =>
        Object.entries(headers).filter(([name]) => !passing.includes(name));
      expect([place.name, head?.status, lasting(head?.headers)]).toEqual([
        place.name,
        get?.status,
        lasting(get?.headers),
      ]);
    }
  });

  it("keeps caches from giving one key's answer to another", async () => {
    for (const place of api.operations.filter(({ operation }) => operation.security?.length)) {
      await api.renew();
      for (const authorization of [undefined, "Bearer nobody"]) {
        const request = withAll(place);
        const headers = { ...request.headers, ...(authorization && { authorization }) };
        const answer = await api.ask({ ...request, headers });
        expect([place.name, answer.headers["cache-control"]]).toEqual([
          place.name,
          expect.stringMatching(/\b(no-store|private)\b/),
        ]);
        expect(answer.headers["cache-control"]).not.toMatch(/public|s-maxage/);
        expect(answer.headers.vary?.split(/, ?/)).toEqual(
          expect.arrayContaining(["Authorization", "Origin"]),
        );
        const quota = place.path.startsWith("/v1/tiles/") ? 1_800 : 600;
        if (answer.status < 400) {
          expect(answer.headers["ratelimit-policy"]).toBe(`"default";q=${quota};w=60`);
        }
      }
    }
  });
});
