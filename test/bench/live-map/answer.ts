import { request } from "node:http";

/** What browsers send. */
export const BROWSER = "gzip, deflate, br";

/** An answer as it travelled: not decompressed. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** Gets something, with the bytes as they come; `fetch` would decompress them. */
export function get(url: URL, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url.href, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers as Record<string, string>,
          body: Buffer.concat(chunks),
        }),
      );
    })
      .on("error", reject)
      .end();
  });
}
