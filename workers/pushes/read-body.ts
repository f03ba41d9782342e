/** Why a body was not read. */
export type Unread = "too_long" | "cut_off";

/**
 * Reads a body as UTF-8, up to so many bytes; what is not UTF-8 becomes U+FFFD. A longer one is left where it is: by
 * its declared length at once, without one as soon as it is too long.
 */
export async function readBody(request: Request, mostBytes: number): Promise<string | Unread> {
  const declared = request.headers.get("content-length");
  if (declared !== null) {
    if (Number(declared) > mostBytes) return "too_long";
    // No more can come than was declared.
    return request.text().catch(() => "cut_off" as const);
  }
  if (request.body === null) return "";
  const reader = request.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      bytes += value.byteLength;
      if (bytes > mostBytes) {
        await reader.cancel();
        return "too_long";
      }
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    return "cut_off";
  }
}
