import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

/** The server's own default; a password of 192 random bits needs no more. */
const ITERATIONS = 4096;

/** A password that needs no escaping in a URL. */
export const newPassword = (): string => randomBytes(24).toString("base64url");

/**
 * What a server keeps of a password (RFC 5802, RFC 7677), as `alter role … password` takes it: the password itself then is in
 * no statement and in no log.
 * @param password ASCII
 */
export function scramVerifier(password: string, salt = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, "sha256");
  const hmac = (text: string) => createHmac("sha256", salted).update(text).digest();
  const storedKey = createHash("sha256").update(hmac("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString("base64")}$${storedKey}:${hmac("Server Key").toString("base64")}`;
}
