/** What is loaded when it is first used: why a mentor was chosen, choosing others, rating, editing, renaming and deleting, settings, voice. One file, since files that share little cost more requests. */

import "./style/later";

export { MentorSheet } from "./composer/MentorSheet";
export { Edit } from "./conversation/Edit";
export { Reasons } from "./conversation/Reasons";
export { rated, tellRatings } from "./conversation/rate";
export { list, persist, refresh } from "./conversations/server";
export { EntryMenu } from "./conversations/EntryMenu";
export { Settings } from "./settings/Settings";
export { dictate, endDictation } from "./voice/dictate";
export { hush, speak } from "./voice/speak";
export { Aloud, Dictation, VoiceNote } from "./voice/Buttons";
export { Why } from "./why/Why";
