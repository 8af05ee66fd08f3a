/** Where the conversation is scrolled to: a new question goes to the top, its answer grows below, and nothing pulls. */

import { signal } from "@preact/signals";

const NEAR_PX = 80;

/** Whether something is below what is seen. */
export const below = signal(false);
let scroller: Scroller | null = null;

/** Shows the end of the conversation, and what is added to it. */
export function toEnd(): void {
  scroller?.toEnd();
}

/** Brings what somebody asked for into view, as far as it is not. */
export function reveal(node: Element | null, block: ScrollLogicalPosition = "nearest"): void {
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
  node?.scrollIntoView({ block, behavior });
}

export class Scroller {
  private follows = false;
  private awaited: "answer" | "lines" | null = null; // what of the answer has to come into view
  private readonly sizes: ResizeObserver;
  private shown = "";
  private last: string | undefined;

  constructor(private readonly log: HTMLElement) {
    scroller = this;
    this.sizes = new ResizeObserver(() => this.grown());
    this.sizes.observe(log);
    for (const child of log.querySelectorAll(".turns")) this.sizes.observe(child);
    log.addEventListener("scroll", this.look, { passive: true });
    log.addEventListener("wheel", this.free, { passive: true });
    log.addEventListener("touchmove", this.free, { passive: true });
    log.addEventListener("keydown", this.free);
  }

  end(): void {
    this.sizes.disconnect();
  }

  /** Another conversation goes to its last question, a new one to its beginning, a new question to the top of the view. */
  opened(conversation: string, last: string | undefined): void {
    const asked = this.shown === conversation && last !== this.last && last !== undefined;
    const moved = this.shown !== conversation;
    this.shown = conversation;
    this.last = last;
    this.view();
    this.follows = false;
    this.awaited = asked ? "answer" : null;
    if (asked) reveal(this.lastTurn(), "start");
    else if (moved && last) this.lastTurn()?.scrollIntoView({ block: "start", behavior: "instant" });
    else if (moved) this.log.scrollTop = 0;
    this.look();
  }

  toEnd(): void {
    this.follows = true;
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: "instant" });
    this.look();
  }

  private lastTurn(): Element | null {
    return this.log.querySelector(".turn:last-child");
  }

  /** The height that lets the last question stand at the top. */
  private view(): void {
    this.log.style.setProperty("--view", `${this.log.clientHeight}px`);
  }

  private grown(): void {
    this.view();
    if (this.follows) this.log.scrollTop = this.log.scrollHeight;
    else if (this.awaited) this.meet();
    this.look();
  }

  /** Where a question takes all of a small window, its answer goes to the top: the first line has to be seen, or the first number to call. */
  private meet(): void {
    const turn = this.lastTurn();
    const answer = turn?.querySelector(".answer");
    const first = answer?.querySelector(".call, .text > *, .trouble p");
    if (!turn || !answer || !first) return;
    const call = first.matches(".call");
    if (this.awaited === "answer" || call) {
      const line = call ? first.clientHeight : parseFloat(getComputedStyle(first).lineHeight);
      const hidden = first.getBoundingClientRect().top - turn.getBoundingClientRect().top + line > this.log.clientHeight;
      if (hidden) answer.scrollIntoView({ block: "start", behavior: "instant" });
      if (hidden && first.getBoundingClientRect().top + line > this.log.getBoundingClientRect().bottom) first.scrollIntoView({ block: "end", behavior: "instant" });
    }
    this.awaited = call || answer.ariaBusy === "false" ? null : "lines";
  }

  private readonly free = (event: Event): void => {
    const up = (event instanceof WheelEvent && event.deltaY < 0) || event instanceof TouchEvent;
    const key = event instanceof KeyboardEvent && ["ArrowUp", "PageUp", "Home"].includes(event.key);
    if (up || key) this.follows = false;
    this.awaited = null;
  };

  private readonly look = (): void => {
    below.value = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight > NEAR_PX;
  };
}
