import fc from "fast-check";
import type { Operation, Parameter, Place } from "./document.ts";
import type { WireRequest } from "./send.ts";

/** What has broken servers before: SQL, paths, markup, numbers that are none, text that is no text. */
const HOSTILE = [
  "",
  " ",
  ",",
  ",,,,",
  "'",
  '"',
  "' or 1=1 --",
  "'; drop table tracksolid.devices; --",
  "1); select pg_sleep(5); --",
  "$1",
  "%",
  "_",
  "\\",
  "\\'; select 1; --",
  "<script>alert(1)</script>",
  "../../etc/passwd",
  "..",
  ".",
  "/",
  "\0",
  "a\0b",
  "\ud800",
  "\udc00x",
  "\uffff",
  "\u202e\u200d",
  "👩‍👩‍👧‍👦",
  "\r\nset-cookie: a=b",
  "null",
  "undefined",
  "NaN",
  "NaN,NaN,NaN,NaN",
  "Infinity,-Infinity,1,1",
  "1e309,0,1,1",
  "0,0,0,0",
  "180,90,-180,90",
  "36.6,-1.5,37.1",
  "-0",
  "1e3",
  "0x10",
  "1.5",
  "-1",
  "9".repeat(400),
  "99999999999999999999",
  "2147483648",
  "9223372036854775808",
  "{}",
  "[]",
  '{"$gt":""}',
  "true",
  Array.from({ length: 101 }, (_, number) => `account${number}`).join(","),
  Array.from({ length: 5_000 }, (_, number) => String(860000000000000 + number)).join(","),
  "x".repeat(17_000),
];

/** Query strings that are not even encoded as one. */
const RAW = ["%", "%zz", "%00", "%c0%80", "%ed%a0%80", "%ff%fe", "%u0041", "+", "%2B%2B", "a=b=c", "%252527"];

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "QUERY"];

/** Whether an operation that reads is asked to: dots may lead that to another path, which need not take other methods. */
const isRead = (method: string, asked: string) => method === "GET" && ["GET", "HEAD"].includes(asked);

/** Whether a segment of a path leads to another path. */
const isDots = (segment: string) => /^(\.|%2e){1,2}$/i.test(segment);

/** Percent-encodes a text as it is: halves of surrogate pairs too, as three bytes that are no UTF-8. */
function encode(text: string): string {
  return Array.from(text, (char) => {
    if (char.isWellFormed()) return encodeURIComponent(char);
    const code = char.charCodeAt(0);
    const bytes = [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
    return bytes.map((byte) => `%${byte.toString(16)}`).join("");
  }).join("");
}

/** Values of a parameter, encoded: as documented, at the edges of that, and everything else. */
function encodedValue({ schema, example }: Parameter): fc.Arbitrary<string> {
  const known = [example ?? schema.example, ...(schema.enum ?? []), schema.minimum, schema.maximum]
    .filter((value) => value !== undefined)
    .map(String);
  const words = known.flatMap((value) => value.split(","));
  const asDocumented = [
    fc.constantFrom(...known),
    fc.array(fc.constantFrom(...words)).map((all) => all.join(",")),
  ];
  const anyText = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...HOSTILE) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 120 }) },
    { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 60 }) },
    { weight: 1, arbitrary: fc.double().map(String) },
    { weight: 1, arbitrary: fc.bigInt().map(String) },
    { weight: 1, arbitrary: fc.array(fc.double(), { minLength: 4, maxLength: 4 }).map(String) },
  );
  return fc.oneof(
    { weight: known.length > 0 ? 3 : 0, arbitrary: fc.oneof(...asDocumented).map(encode) },
    { weight: 4, arbitrary: anyText.map(encode) },
    { weight: 1, arbitrary: fc.constantFrom(...RAW) },
  );
}

/** Bodies of an operation that reads one: its example, the same with a value spoilt or something added, and no JSON at all. */
function bodies(operation: Operation): fc.Arbitrary<string | undefined> {
  const broken = fc.constantFrom("{", "null", "\0", "x".repeat(70_000));
  const example = operation.requestBody?.content["application/json"]?.example;
  if (typeof example !== "object" || example === null) return fc.option(broken, { freq: 12, nil: undefined });
  const names = [...Object.keys(example), "ids", "after", "unknown", "__proto__"];
  const value = fc.oneof(fc.constantFrom<unknown>(...HOSTILE), fc.jsonValue({ maxDepth: 2 }));
  const spoilt = fc
    .tuple(fc.constantFrom(...names), value)
    .map(([name, hostile]) => `{${JSON.stringify(name)}:${JSON.stringify(hostile)}}`);
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom("{}", JSON.stringify(example)) },
    { weight: 4, arbitrary: spoilt },
    { weight: 2, arbitrary: broken },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

/** Requests to an operation: most with its method, with any of its parameters left out, repeated or spoilt. */
export function hostileRequests({ method, path, operation }: Place): fc.Arbitrary<WireRequest> {
  const parameters = operation.parameters ?? [];
  const inPath = parameters.filter((one) => one.in === "path");
  const inQuery = parameters.filter((one) => one.in === "query");
  // One at a time, as below.
  const segments = fc
    .nat(Math.max(0, inPath.length - 1))
    .chain((spoilt) =>
      fc.tuple(
        ...inPath.map((one, at) =>
          at === spoilt ? encodedValue(one) : fc.constant(encode(String(one.example ?? one.schema.example))),
        ),
      ),
    );
  // Few at a time: a request with one spoilt value is refused for that one, and tells nothing of the others.
  const pairs = fc
    .subarray(inQuery, { maxLength: Math.min(3, inQuery.length) })
    .chain((chosen) =>
      fc.tuple(
        ...chosen.map((one) =>
          fc
            .tuple(encodedValue(one), fc.option(encodedValue(one), { freq: 12, nil: undefined }))
            .map((values) =>
              values.flatMap((value) => (value === undefined ? [] : [`${one.name}=${value}`])),
            ),
        ),
      ),
    );
  const unknown = fc.constantFrom(
    [],
    [],
    [],
    ["unknown=1"],
    ["__proto__=1"],
    ["constructor[prototype]=x"],
    ["&&"],
  );
  return fc
    .record({
      method: fc.oneof(
        { weight: 12, arbitrary: fc.constant(method) },
        { weight: 2, arbitrary: fc.constantFrom(...METHODS) },
      ),
      segments,
      pairs: fc.tuple(pairs, unknown).map(([known, other]) => [...known.flat(), ...other]),
      complete: fc.integer({ min: 0, max: 7 }).map((one) => one > 0),
      body: bodies(operation),
      contentType: fc.constantFrom(...Array(6).fill("application/json"), "text/plain", undefined),
      ifNoneMatch: fc.option(fc.constantFrom("*", '"a"', 'W/"a", "b"', '"', ",,"), {
        freq: 8,
        nil: undefined,
      }),
    })
    .filter(({ method: asked, segments }) => isRead(method, asked) || !segments.some(isDots))
    .map(({ segments, pairs: chosen, complete, ifNoneMatch, contentType, ...rest }) => {
      // A request that lacks what it must have is refused for that: most get it.
      const missing = inQuery.filter(
        ({ name, required }) => complete && required && !chosen.some((pair) => pair.startsWith(`${name}=`)),
      );
      const pairs = [
        ...chosen,
        ...missing.map(({ name, schema, example }) => `${name}=${encode(String(example ?? schema.example))}`),
      ];
      const placed = inPath.reduce(
        (target, { name }, at) => target.replace(`{${name}}`, () => segments[at] ?? ""),
        path,
      );
      return {
        ...rest,
        target: pairs.length > 0 ? `${placed}?${pairs.join("&")}` : placed,
        headers: {
          ...(ifNoneMatch !== undefined && { "if-none-match": ifNoneMatch }),
          ...(contentType !== undefined && rest.body !== undefined && { "content-type": contentType }),
        },
      };
    });
}
