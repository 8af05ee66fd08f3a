/** What the router answers with, as far as the console reads it (docs/contract.md). */

export interface Routing {
  decided_by?: "score" | "key" | "asked_for" | "conversation" | "care" | "safety";
  primary_persona: string;
  secondary_persona: string | null;
  scores: Record<string, number>;
  contributions: Record<string, Record<string, number>>;
  counterfactual: { part: string; value: string; persona: string } | null;
  explored?: boolean;
  reasoning: string;
}

/** Who can be reached beside an answer to danger. */
export interface Line {
  name: string;
  by: "call" | "text" | "site";
  to: string;
  says?: string;
}

export interface Metadata {
  language?: string;
  model?: string;
  offered?: string[];
  degraded?: string[];
  cut_short?: boolean;
  safety?: string;
  care?: string;
  lines?: Line[];
  detected?: { unknown?: string[] };
  receipt?: string;
}

export interface AnswerView {
  content: string;
  persona_used: string;
  resonance_key: string;
  routing: Routing;
  metadata?: Metadata;
  request_id: string;
}

export interface Began {
  persona_used: string;
  resonance_key: string;
  routing: Routing;
}

export interface ErrorView {
  error: { code: string; message: string; field: string | null; details: { retry_after_s?: number; policy?: string } | null };
  request_id: string;
}

export interface Persona {
  id: string;
  name: { ko: string; en: string };
  role: { ko: string; en: string };
  description: { ko: string; en: string };
  emoji: string;
}

export interface ProcessBody {
  user_input: string;
  persona?: string;
  prompt_mode?: "summary_light";
  context: { session_id?: string; message_history?: { role: "user" | "assistant"; content: string }[] };
}
