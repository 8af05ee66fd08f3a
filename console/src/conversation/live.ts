/** The text of answers that are being written: outside the kept conversation, so that a token touches one text node. */

import { type Signal, signal } from "@preact/signals";

export class Live {
  readonly text: Signal<string> = signal("");
  private pending = "";
  private frame = 0;

  begin(text: string): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.pending = text;
    this.text.value = text;
  }

  /** Adds a piece; the page sees all pieces of a frame at once. A hidden page has no frames, and needs none. */
  more(piece: string): void {
    this.pending += piece;
    if (document.hidden) this.flush();
    else if (!this.frame) this.frame = requestAnimationFrame(() => this.flush());
  }

  /** All that has come, shown or not yet. */
  whole(): string {
    return this.pending;
  }

  private flush(): void {
    this.frame = 0;
    this.text.value = this.pending;
  }
}

const live = new Map<string, Live>();

/** The text of an answer under way. */
export function liveText(id: string): Live {
  const text = live.get(id) ?? new Live();
  live.set(id, text);
  return text;
}

export function isLive(id: string): Live | undefined {
  return live.get(id);
}

export function forgetLive(id: string): void {
  live.delete(id);
}
