/** Answers a text, as it is now or of what no revision covers: nobody may keep it. It is JSON where `headers` do not say otherwise. */
export const answerUnkept = (
  body: string | null,
  headers: Record<string, string> = {},
  status = 200,
): Response =>
  new Response(body, {
    status,
    headers: { "content-type": "application/json", ...headers, "cache-control": "no-store" },
  });
