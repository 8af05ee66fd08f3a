/** What stands within a line: bold, emphasis, code, and links that are plain addresses. */

export type Span = { kind: "text" | "strong" | "emphasis" | "code"; text: string } | { kind: "link"; text: string; href: string };

const SPAN = /`([^`\n]+)`|\*\*([^*\n]+)\*\*|(?<![\p{L}\p{N}*])\*([^*\s][^*\n]*)\*(?![\p{L}\p{N}*])|(https:\/\/[^\s<>"'`)\]}]+[^\s<>"'`)\]}.,;:!?])/gu;

/** The spans of a line. `callable` are telephone numbers that become links, in a text that names where to turn. */
export function spansOf(text: string, callable: readonly string[] = []): Span[] {
  const spans: Span[] = [];
  let at = 0;
  for (const found of text.matchAll(SPAN)) {
    plain(spans, text.slice(at, found.index), callable);
    at = found.index + found[0].length;
    const [, code, strong, emphasis, address] = found;
    if (code) spans.push({ kind: "code", text: code });
    else if (strong) spans.push({ kind: "strong", text: strong });
    else if (emphasis) spans.push({ kind: "emphasis", text: emphasis });
    else if (address) spans.push({ kind: "link", text: address, href: address });
  }
  plain(spans, text.slice(at), callable);
  return spans;
}

function plain(spans: Span[], text: string, callable: readonly string[]): void {
  let at = 0;
  for (const { index, number } of numbersIn(text, callable)) {
    if (index > at) spans.push({ kind: "text", text: text.slice(at, index) });
    spans.push({ kind: "link", text: number, href: `tel:${number.replaceAll(/[^\d+#*]/g, "")}` });
    at = index + number.length;
  }
  if (at < text.length) spans.push({ kind: "text", text: text.slice(at) });
}

/** Where the numbers stand in a text, as whole numbers: 109 is none in 1090, nor 000 in 12,000. */
function numbersIn(text: string, callable: readonly string[]): { index: number; number: string }[] {
  if (!callable.length) return [];
  const any = [...callable].sort((a, b) => b.length - a.length).map((number) => number.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const whole = new RegExp(`(?<![\\dA-Za-z#-]|\\d[.,])(?:${any.join("|")})(?![\\dA-Za-z-]|\\s?\\d|[.,]\\d)`, "gu");
  return [...text.matchAll(whole)].map((found) => ({ index: found.index, number: found[0] }));
}
