/** What was said before signing in goes along, so that nobody has to write it again. */

import type { Keeper } from "../store/database";

/** Takes the conversation that was open, and what was being written, from nobody's database to a person's. A guest's is `apart` from the server. */
export async function carry(id: string, from: Keeper, to: Keeper, apart: boolean): Promise<void> {
  const conversation = await from.one(id);
  if (conversation) await to.write(apart ? { ...conversation, apart } : conversation);
  for (const draft of ["new", id]) {
    const text = await from.draft(draft);
    if (text) await to.writeDraft(draft, text);
    await from.writeDraft(draft, "");
  }
  await from.remove(id);
  from.close();
}
