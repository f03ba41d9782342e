import { mapConfig } from "../../shared/map-config.ts";

/** What a page may use of a device: where it is, when its user asks for the vehicles nearby. */
const FEATURES = [
  "geolocation=(self)",
  ...[
    ...["accelerometer", "camera", "display-capture", "gyroscope", "magnetometer", "microphone", "midi"],
    ...["payment", "usb"],
  ].map((name) => `${name}=()`),
].join(", ");

/**
 * Headers of the files of `web/`: of pages, and of scripts too, since a worker heeds those of its own script. Nothing
 * inline, and nothing from elsewhere but what the configuration names for the map. `'self'` covers the stream's
 * WebSocket; a test sees it in a browser.
 * @throws Misconfigured
 */
export function pageHeaders(env: Env): Record<string, string> {
  const elsewhere = mapConfig(env)
    .origins.map((origin) => ` ${origin}`)
    .join("");
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data: blob:${elsewhere}`,
    "font-src 'self'",
    `connect-src 'self'${elsewhere}`,
    // MapLibre starts its worker from its own file; from a blob only where that is on another host.
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    "content-security-policy": policy.join("; "),
    "permissions-policy": FEATURES,
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "x-content-type-options": "nosniff",
  };
}
