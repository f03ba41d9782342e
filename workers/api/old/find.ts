import { serviceConfig } from "../../../shared/config.ts";
import { OLD_PATHS, type OldName, type OldPath } from "./names.ts";

/** A route of theirs, and the vehicle that its path names. */
export interface Found extends OldPath {
  name: OldName;
  imei: string | null;
}

/** The routes of theirs at a path, whatever the method; none where they are off. */
export function oldRoutesAt(env: Env, asked: string): Found[] {
  const { OLD_PATHS: elsewhere, OLD_PATHS_ACCESS } = serviceConfig(env);
  if (OLD_PATHS_ACCESS === "off") return [];
  const segments = asked.replace(/\/$/, "").split("/");
  return (Object.keys(OLD_PATHS) as OldName[]).flatMap((name) => {
    const { method, path } = { ...OLD_PATHS[name], ...(elsewhere[name] && { path: elsewhere[name] }) };
    const parts = path.split("/");
    const isThis =
      parts.length === segments.length &&
      parts.every((part, at) => part === "{imei}" || part === segments[at]);
    return isThis ? [{ name, method, path, imei: segments[parts.indexOf("{imei}")] ?? null }] : [];
  });
}

/** The methods that a path of theirs takes. */
export const oldMethodsAt = (env: Env, path: string): string[] =>
  oldRoutesAt(env, path).flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : [method]));
