/** Text as nodes, never as HTML. While an answer is written, only its last block is touched. */

import { type Block, blocksOf } from "./blocks";
import { type Span, spansOf } from "./inline";

/** An answer's text in an element of the page, as it grows. */
export class TextView {
  private shown: Block[] = [];
  text = "";

  constructor(
    private readonly into: HTMLElement,
    private readonly callable: readonly string[] = [],
  ) {}

  /** Shows this text; what has not changed since stays as it is. */
  show(text: string): void {
    this.text = text;
    const blocks = blocksOf(text);
    let same = 0;
    while (same < blocks.length && same < this.shown.length && equal(blocks[same], this.shown[same])) same += 1;
    while (this.into.children.length > same) {
      if (this.into.children.length === same + 1 && this.extended(blocks[same], same)) break;
      this.into.lastElementChild?.remove();
    }
    for (const block of blocks.slice(this.into.children.length)) this.into.append(nodeOf(block, this.callable));
    this.shown = blocks;
  }

  /** Lets the last paragraph grow in its last text node, where nothing but plain text came. */
  private extended(block: Block | undefined, place: number): boolean {
    const before = this.shown[place];
    if (block?.kind !== "paragraph" || before?.kind !== "paragraph" || !block.text.startsWith(before.text)) return false;
    const node = this.into.children[place]?.lastChild;
    const added = block.text.slice(before.text.length);
    if (!(node instanceof Text) || /[`*\n:\d]/.test(added) || /[`*]|https/.test(node.data)) return false;
    node.appendData(added);
    return true;
  }
}

function equal(one: Block | undefined, other: Block | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function nodeOf(block: Block, callable: readonly string[]): HTMLElement {
  if (block.kind === "list") return listOf(block, callable);
  if (block.kind === "code") {
    const pre = document.createElement("pre");
    pre.dir = "ltr";
    pre.tabIndex = 0;
    pre.append(Object.assign(document.createElement("code"), { textContent: block.text }));
    return pre;
  }
  const names = { paragraph: "p", heading: "h3", quote: "blockquote" } as const;
  const node = document.createElement(names[block.kind]);
  fill(node, block.text, callable);
  return node;
}

function listOf(block: Block & { kind: "list" }, callable: readonly string[]): HTMLElement {
  const list = document.createElement(block.ordered ? "ol" : "ul");
  if (list instanceof HTMLOListElement) list.start = block.start;
  if (block.letters) list.className = "letters";
  for (const item of block.items) {
    const node = document.createElement("li");
    fill(node, item, callable);
    list.append(node);
  }
  return list;
}

function fill(node: HTMLElement, text: string, callable: readonly string[]): void {
  text.split("\n").forEach((line, place) => {
    if (place) node.append(document.createElement("br"));
    node.append(...spansOf(line, callable).map(spanNode));
  });
}

function spanNode(span: Span): Node {
  if (span.kind === "text") return document.createTextNode(span.text);
  if (span.kind === "link") {
    const link = document.createElement("a");
    link.href = span.href;
    link.textContent = span.text;
    if (span.href.startsWith("https:")) Object.assign(link, { rel: "noopener noreferrer", target: "_blank" });
    return link;
  }
  const names = { strong: "strong", emphasis: "em", code: "code" } as const;
  return Object.assign(document.createElement(names[span.kind]), { textContent: span.text });
}
