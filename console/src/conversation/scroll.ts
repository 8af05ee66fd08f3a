/** Where the conversation is scrolled to: a new question goes to the top, its answer grows below, and nothing pulls. */

import { signal } from "@preact/signals";

const NEAR_PX = 80;

/** Whether something is below what is seen. */
export const below = signal(false);
/** The last of several mentors, where the answer is below what is seen: the name. */
export const further = signal("");
let scroller: Scroller | null = null;

/** Shows the end of the conversation, and what is added to it. */
export function toEnd(): void {
  scroller?.toEnd();
}

/** Shows the answer of the last of several mentors. */
export function toFurther(): void {
  reveal(document.querySelector(".turn:last-child .answer:last-child"), "start");
}

/** Before what waited is sent: numbers that are in view stay there. */
export function keepNumbers(): void {
  scroller?.keepNumbers();
}

/** Sees anew what is in view. */
export function look(): void {
  scroller?.look();
}

/** Brings what somebody asked for into view, as far as it is not. */
export function reveal(node: Element | null, block: ScrollLogicalPosition = "nearest"): void {
  scroller?.let();
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
  node?.scrollIntoView({ block, behavior });
}

export class Scroller {
  private follows = false;
  private awaited: "answer" | "lines" | null = null; // what of the answer has to come into view
  private held: { turn: HTMLElement; at: number; from: number } | null = null; // whose place in the window stays, where it was in the conversation
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
    log.addEventListener("pointerdown", this.free, { passive: true });
    log.addEventListener("keydown", this.free);
  }

  end(): void {
    this.sizes.disconnect();
  }

  /** Another conversation goes to its last question, a new one to its beginning, a new question to the top of the view. */
  opened(conversation: string, last: string | undefined, turns: number): void {
    const read = this.last === undefined && turns > 1; // only now, out of what is kept or from the server
    const moved = this.shown !== conversation || read;
    const asked = !moved && last !== this.last && last !== undefined;
    this.shown = conversation;
    this.last = last;
    this.view();
    this.follows = false;
    this.awaited = asked ? "answer" : null;
    if (asked) reveal(this.lastTurn(), "start");
    else if (moved && last) this.lastTurn()?.scrollIntoView({ block: "start", behavior: "instant" });
    else if (moved) this.log.scrollTop = 0;
    if (asked || moved) this.hold(this.lastTurn(), 0);
    this.look();
  }

  /** Keeps a turn where it is seen, whatever grows above it, until somebody scrolls: the sizes of what was not seen yet are guesses, and questions before it may be answered later. */
  private hold(turn: HTMLElement | null, from: number): void {
    this.held = turn && { turn, at: turn.offsetTop, from };
  }

  let(): void {
    this.held = null;
  }

  keepNumbers(): void {
    const { top, bottom } = this.log.getBoundingClientRect();
    const seen = [...this.log.querySelectorAll(".offline-lines")].findLast((one) => one.getBoundingClientRect().top < bottom && one.getBoundingClientRect().bottom > top);
    const turn = seen?.closest<HTMLElement>(".turn");
    if (turn && !this.held) this.hold(turn, turn.getBoundingClientRect().top - top);
  }

  toEnd(): void {
    this.held = null;
    this.follows = true;
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: "instant" });
    this.look();
  }

  private lastTurn(): HTMLElement | null {
    return this.log.querySelector(".turn:last-child");
  }

  /** The height that lets the last question stand at the top. */
  private view(): void {
    this.log.style.setProperty("--view", `${this.log.clientHeight}px`);
  }

  private grown(): void {
    this.view();
    const { held } = this;
    if (held?.turn.isConnected && held.turn.offsetTop !== held.at) {
      held.at = held.turn.offsetTop;
      this.log.scrollTop = held.at - held.from;
    }
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
    this.hold(turn, turn.getBoundingClientRect().top - this.log.getBoundingClientRect().top);
    this.awaited = call || answer.ariaBusy === "false" ? null : "lines";
  }

  private readonly free = (event: Event): void => {
    const up = (event instanceof WheelEvent && event.deltaY < 0) || event instanceof TouchEvent;
    const key = event instanceof KeyboardEvent && ["ArrowUp", "PageUp", "Home"].includes(event.key);
    if (up || key) this.follows = false;
    this.awaited = this.held = null;
  };

  readonly look = (): void => {
    const answers = this.lastTurn()?.querySelectorAll(".answer");
    const other = answers?.[1] && answers[answers.length - 1];
    const hidden = other?.ariaBusy === "false" && other.getBoundingClientRect().top > this.log.getBoundingClientRect().bottom - NEAR_PX / 2;
    further.value = hidden ? (other.ariaLabel ?? "") : "";
    below.value = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight > NEAR_PX;
  };
}
