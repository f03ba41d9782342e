/**
 * What the items of a push are, by the last segment of the vendor's path in lower case (reference §3.4); below
 * them what comes to other paths or names its type in the body.
 */
export const PUSH_KINDS = [
  "pushevent",
  "pushhb",
  "pushgps",
  "pushalarm",
  "pushobd",
  "pushfaultinfo",
  "pushtripreport",
  "pushoil",
  "pushtem",
  "pushlbs",
  "pushfileupload",
  "pushftpfileupload",
  "pushresourcelist",
  "pushiothubevent",
  "pushterminaltransinfo",
  "pushinstructresponse",
  "rfid",
  "wgtc",
  "pushpassthroughdata",
  "pushfilecontent",
  "pushextendedkks",
  "generalbusiness",
  "uploadcallback",
  /** `msgType` jimi.push.device.alarm of the Open API (§3.2). */
  "open_alarm",
  /** `msgType` jimi.open.instruction.raw.receive. */
  "open_instruction",
  /** Positions of TAG devices (§3.3). */
  "tag",
  /** Whatever else comes authenticated: kept, with its path. */
  "push_other",
] as const;
export type PushKind = (typeof PUSH_KINDS)[number];
