/** What XML 1.0 has no way to say, halves of surrogate pairs included. */
const UNSPEAKABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** A text as it may stand in an element or an attribute. */
export const xmlText = (text: string): string =>
  text.replace(UNSPEAKABLE, "").replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);
