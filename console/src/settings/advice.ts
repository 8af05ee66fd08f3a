/** What was concluded about whoever talks, and what they want of that: the server's, asked for when it is looked at. */

import { call } from "../access/call";
import { accepted } from "../words";

export interface Reason {
  kind: string;
  words: string;
  weight: number;
}

export interface Fitting {
  id: string;
  score: number;
  because: Reason[];
}

export interface Step {
  title: string;
  step: string;
  because: string;
  request_id: string;
}

export interface Preferences {
  personalise: boolean;
  experiments: boolean;
}

export interface Advice {
  tone: string | null;
  personas: Fitting[];
  next_steps: Step[];
  from: { yours: number; everyone: number };
  off: boolean;
  preferences: Preferences;
}

const ME = "/api/v2/users/me";

/** The recommendation; null where the server has none, or cannot be reached. */
export async function advice(): Promise<Advice | null> {
  const response = await asked("recommendations");
  return response && ((await response.json()) as Advice);
}

/** Keeps a choice; false where that could not be done. */
export async function prefer(choice: Partial<Preferences>): Promise<boolean> {
  return (await asked("preferences", { method: "PUT", body: JSON.stringify(choice) })) !== null;
}

/** Forgets what was concluded; false where that could not be done. */
export async function forget(): Promise<boolean> {
  return (await asked("recommendations", { method: "DELETE" })) !== null;
}

async function asked(what: string, init: RequestInit = {}): Promise<Response | null> {
  try {
    const response = await call(`${ME}/${what}`, { ...init, headers: { "content-type": "application/json", "accept-language": accepted() } });
    return response.ok ? response : null;
  } catch {
    return null;
  }
}
