import { expect, it } from "vitest";
import { readBody } from "../../../workers/pushes/read-body.ts";

const post = (body: BodyInit | null, headers: Record<string, string> = {}) =>
  new Request("https://push.example.com/pushgps", { method: "POST", body, headers });

/** A body whose length nobody declares; counts what was asked of it. */
function endless(chunk: Uint8Array) {
  let sent = 0;
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += chunk.byteLength;
      controller.enqueue(chunk);
    },
    cancel() {
      cancelled = true;
    },
  });
  return { stream, sent: () => sent, cancelled: () => cancelled };
}

it("reads what is there", async () => {
  expect(await readBody(post("token=t"), 100)).toBe("token=t");
  expect(await readBody(post(null), 100)).toBe("");
  expect(await readBody(post(""), 100)).toBe("");
});

it("refuses by the declared length, without reading", async () => {
  const request = post("x".repeat(101));
  request.headers.set("content-length", "101");
  expect(await readBody(request, 100)).toBe("too_long");
  expect(request.bodyUsed).toBe(false);
});

it("stops reading what does not say how long it is", async () => {
  const body = endless(new Uint8Array(1_000));
  expect(await readBody(post(body.stream), 10_000)).toBe("too_long");
  expect(body.sent()).toBeLessThan(20_000);
  expect(body.cancelled()).toBe(true);
});

it("puts together characters that were cut in two", async () => {
  const bytes = new TextEncoder().encode("车".repeat(500));
  let at = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.byteLength) return controller.close();
      controller.enqueue(bytes.slice(at, at + 7));
      at += 7;
    },
  });
  expect(await readBody(post(stream), 10_000)).toBe("车".repeat(500));
});

it("replaces what is not UTF-8", async () => {
  const bytes = new Uint8Array([0x61, 0xff, 0xc3, 0x62]);
  expect(await readBody(post(bytes), 100)).toBe("a\ufffd\ufffdb");
});

it("says that a body broke off", async () => {
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.error(new Error("gone"));
    },
  });
  expect(await readBody(post(stream), 100)).toBe("cut_off");
});
