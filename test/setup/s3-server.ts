import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How a request goes wrong: an answer, the line cut before one, after the request was carried out, or in mid-answer. */
export type Mishap = 500 | 503 | "cut" | "cut after" | "cut within";

/** What was asked. */
export interface S3Request {
  method: string;
  key: string;
}

/** A bucket in memory. Signatures are verified by what AWS has published, and by nothing of the code under test. */
export interface S3Server extends AsyncDisposable {
  /** URL of the store, for BACKUP_STORE. */
  url: string;
  /** Its keys, as commands read them. */
  environment: Record<"AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY", string>;
  objects: Map<string, { body: Buffer; putAt: Date }>;
  /** Every request that was let in. */
  requests: S3Request[];
  /** Asked before each request, which goes well where it says nothing. */
  mishap: (request: S3Request) => Mishap | undefined;
  /** Keys that the token may do nothing with. */
  forbidden: (key: string) => boolean;
}

const BUCKET = "backups";
const ACCESS_KEY = "AKTEST0001";
const SECRET_KEY = "secret/of+the=test";
const REGION = "auto";
const FIFTEEN_MINUTES_MS = 15 * 60_000;

/** Smaller than any service's, so that a few objects have pages. */
const PAGE = 5;

const sha256 = (data: Buffer | string) => createHash("sha256").update(data);
const hmac = (key: Buffer | string, data: string) => createHmac("sha256", key).update(data).digest();

class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

/** Starts one. */
export async function startS3Server(): Promise<S3Server> {
  const http = createServer((request, response) => {
    void answer(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  const server: S3Server = {
    url: `s3://${BUCKET}?endpoint=${encodeURIComponent(`http://127.0.0.1:${port}`)}&region=${REGION}`,
    environment: { AWS_ACCESS_KEY_ID: ACCESS_KEY, AWS_SECRET_ACCESS_KEY: SECRET_KEY },
    objects: new Map(),
    requests: [],
    mishap: () => undefined,
    forbidden: () => false,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const url = new URL(request.url ?? "", "http://server");
    const [, bucket = "", ...rest] = decodeURIComponent(url.pathname).split("/");
    const asked = { method: request.method ?? "", key: rest.join("/") };
    try {
      verifySignature(request, url, body);
      if (bucket !== BUCKET) throw new Refusal(404, "NoSuchBucket");
      server.requests.push(asked);
      const mishap = server.mishap(asked);
      if (mishap === "cut") return void request.socket.destroy();
      if (typeof mishap === "number")
        throw new Refusal(mishap, mishap === 503 ? "SlowDown" : "InternalError");
      const { status, content } = carryOut(asked, url.searchParams, body, request);
      if (mishap === "cut after") return void request.socket.destroy();
      response.writeHead(status, { "content-length": content.length });
      if (mishap === "cut within")
        return void response.write(content.subarray(0, 1), () => request.socket.destroy());
      response.end(content);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, code } = error;
      // As some do it: with a charset, which s3mini does not read a code from.
      response.writeHead(status, { "content-type": "application/xml; charset=utf-8" });
      response.end(
        `<?xml version="1.0"?><Error><Code>${code}</Code><Message>It is ${code}</Message></Error>`,
      );
    }
  }

  function carryOut(
    { method, key }: S3Request,
    query: URLSearchParams,
    body: Buffer,
    request: IncomingMessage,
  ): { status: number; content: Buffer } {
    if (server.forbidden(key)) throw new Refusal(403, "AccessDenied");
    if (method === "PUT") {
      verifyChecksum(request, body);
      server.objects.set(key, { body, putAt: new Date() });
      return { status: 200, content: Buffer.alloc(0) };
    }
    if (method === "POST" && query.has("delete")) {
      verifyChecksum(request, body);
      const keys = [...body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, name]) => name as string);
      for (const name of keys) server.objects.delete(name);
      const deleted = keys.map((name) => `<Deleted><Key>${name}</Key></Deleted>`).join("");
      return { status: 200, content: Buffer.from(`<DeleteResult>${deleted}</DeleteResult>`) };
    }
    if (method === "GET" && key === "") return { status: 200, content: page(query) };
    const found = method === "GET" ? server.objects.get(key) : undefined;
    if (!found) throw new Refusal(404, "NoSuchKey");
    return { status: 200, content: found.body };
  }

  function page(query: URLSearchParams): Buffer {
    const prefix = query.get("prefix") ?? "";
    const after = Buffer.from(query.get("continuation-token") ?? "", "base64").toString();
    const size = Math.min(PAGE, Number(query.get("max-keys") ?? PAGE));
    const keys = [...server.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const shown = keys.slice(0, size).map((key) => {
      const { body, putAt } = server.objects.get(key) as { body: Buffer; putAt: Date };
      return `<Contents><Key>${key}</Key><Size>${body.length}</Size><LastModified>${putAt.toISOString()}</LastModified></Contents>`;
    });
    const token = Buffer.from(keys[size - 1] ?? "").toString("base64");
    const more = keys.length > size ? `<NextContinuationToken>${token}</NextContinuationToken>` : "";
    return Buffer.from(
      `<ListBucketResult><IsTruncated>${keys.length > size}</IsTruncated>${more}${shown.join("")}</ListBucketResult>`,
    );
  }

  return server;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function verifyChecksum({ headers }: IncomingMessage, body: Buffer): void {
  const signed = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? "")?.[1]?.split(";") ?? [];
  const told = headers["x-amz-checksum-sha256"];
  if (!signed.includes("x-amz-checksum-sha256") || told !== sha256(body).digest("base64")) {
    throw new Refusal(400, "XAmzContentChecksumMismatch");
  }
}

/** AWS Signature Version 4, as "Authenticating Requests (AWS Signature Version 4)" of the S3 API has it. */
function verifySignature({ method, headers }: IncomingMessage, url: URL, body: Buffer): void {
  const authorization =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? "",
    );
  if (!authorization) throw new Refusal(403, "AccessDenied");
  const [, accessKey, date = "", region = "", signedHeaders = "", signature = ""] = authorization;
  if (accessKey !== ACCESS_KEY) throw new Refusal(403, "InvalidAccessKeyId");
  if (region !== REGION) throw new Refusal(400, "AuthorizationHeaderMalformed");
  const at = String(headers["x-amz-date"]);
  const atMs = Date.parse(at.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (!at.startsWith(date) || !(Math.abs(Date.now() - atMs) < FIFTEEN_MINUTES_MS)) {
    throw new Refusal(403, "RequestTimeTooSkewed");
  }
  const names = signedHeaders.split(";");
  const required = ["host", ...Object.keys(headers).filter((name) => name.startsWith("x-amz-"))];
  if (required.some((name) => !names.includes(name))) throw new Refusal(403, "SignatureDoesNotMatch");
  const content = String(headers["x-amz-content-sha256"]);
  if (content !== "UNSIGNED-PAYLOAD" && content !== sha256(body).digest("hex")) {
    throw new Refusal(400, "XAmzContentSHA256Mismatch");
  }
  const canonical = [
    method,
    decodeURIComponent(url.pathname).split("/").map(encoded).join("/"),
    [...url.searchParams]
      .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
      .sort()
      .join("&"),
    ...names.map((name) => `${name}:${String(headers[name]).trim()}`),
    "",
    signedHeaders,
    content,
  ].join("\n");
  const scope = `${date}/${region}/s3/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", at, scope, sha256(canonical).digest("hex")].join("\n");
  const key = [date, region, "s3", "aws4_request"].reduce<Buffer | string>(hmac, `AWS4${SECRET_KEY}`);
  const expected = hmac(key, toSign);
  if (!timingSafeEqual(expected, Buffer.from(signature, "hex")))
    throw new Refusal(403, "SignatureDoesNotMatch");
}

/** Everything but the unreserved characters of RFC 3986. */
const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
