/** What a customer's door said to one of the portal's checks. */
export interface Verification {
  method: string;
  /** 0 when there was no answer. */
  status: number;
  body: string;
}

/** What the portal's "Verify" does (reference §3.1). Redirects are not followed. */
export async function verify(url: string): Promise<Verification[]> {
  const checks: Verification[] = [];
  for (const method of ["GET", "HEAD", "POST"]) {
    checks.push(
      await fetch(url, { method, redirect: "manual" }).then(
        async (response) => ({ method, status: response.status, body: await response.text() }),
        (error: Error) => ({ method, status: 0, body: `${error.message} ${error.cause ?? ""}` }),
      ),
    );
  }
  return checks;
}
