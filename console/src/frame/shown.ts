/** What of the frame is open. */

import { signal } from "@preact/signals";

export const drawer = signal(false);
export const settingsOpen = signal(false);
