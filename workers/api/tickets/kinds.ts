import type { TargetName } from "../../../shared/tickets/targets.ts";

/** A kind of tickets, each with a list of its own. */
export interface TicketKind {
  path: string;
  /** As `reporting.v_tickets` has it. */
  kind: "INC" | "CRQ";
  target: TargetName;
  /** What they are called, many and one. */
  many: string;
  one: string;
  example: string;
}

export const TICKET_KINDS: TicketKind[] = [
  {
    path: "/v1/tickets/incidents",
    ...{ kind: "INC", target: "inc", many: "incidents", one: "incident", example: "INC-20481" },
  },
  {
    path: "/v1/tickets/change-requests",
    ...{ kind: "CRQ", target: "crq", many: "change requests", one: "change request", example: "CRQ-7710" },
  },
];
