/** What can go wrong with a question, as a person meets it. */

import type { ErrorView } from "./views";

export type Kind = "offline" | "unreachable" | "limited" | "busy" | "sign_in" | "forbidden" | "guest" | "too_long" | "empty" | "budget" | "late" | "other";

export interface Trouble {
  kind: Kind;
  /** The server's own sentence, where ours says less. */
  said?: string;
  /** When to try again, in milliseconds since 1970. */
  again?: number;
  request?: string;
}

export class Troubled extends Error {
  constructor(
    readonly trouble: Trouble,
    readonly code = "",
  ) {
    super(trouble.kind);
  }
}

const KINDS: Record<string, Kind> = {
  RATE_LIMITED: "limited",
  OVERLOADED: "busy",
  SHUTTING_DOWN: "busy",
  IN_PROGRESS: "busy",
  PERSONA_UNAVAILABLE: "busy",
  STORE_UNAVAILABLE: "busy",
  BUDGET_EXHAUSTED: "budget",
  UNAUTHENTICATED: "sign_in",
  FORBIDDEN: "forbidden",
  INVALID_INPUT: "empty",
  REQUEST_TOO_LARGE: "too_long",
  DEADLINE_EXCEEDED: "late",
};

/** The trouble that an error of the router is; `waits` are the seconds of its Retry-After, which an event of a stream has inside. */
export function troubleOf(view: ErrorView, now: number, waits = 0): Trouble {
  const { code, message, field, details } = view.error;
  const tooLong = code === "VALIDATION_ERROR" && field === "user_input";
  const kind = tooLong ? "too_long" : details?.policy?.startsWith("guest") ? "guest" : field === "context.session_id" ? "sign_in" : (KINDS[code] ?? "other");
  const seconds = Math.ceil(details?.retry_after_s ?? waits);
  const again = seconds ? now + seconds * 1000 : undefined;
  return {
    kind,
    said: message,
    request: view.request_id,
    ...(again ? { again } : {}),
  };
}

/** True for the error form of the router. */
export function isError(value: unknown): value is ErrorView {
  return typeof value === "object" && value !== null && "error" in value && typeof value.error === "object";
}
