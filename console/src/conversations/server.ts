/** The conversations on the server, which are the truth; the browser's are a copy. */

/** Erases a conversation on the server; true if it is gone there, or never was. */
export async function eraseOnServer(id: string): Promise<boolean> {
  try {
    const { ok, status } = await fetch(`/api/v2/sessions/${encodeURIComponent(id)}`, { method: "DELETE" });
    return ok || status === 404;
  } catch {
    return false;
  }
}
