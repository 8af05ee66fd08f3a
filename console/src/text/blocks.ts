/** The blocks of an answer's text: paragraphs, headings, lists, quotes, fences. Everything else stays text. */

export type Block =
  | { kind: "paragraph" | "heading" | "quote"; text: string }
  | { kind: "code"; text: string }
  | { kind: "list"; ordered: boolean; letters: boolean; start: number; items: string[] };

const HEADING = /^#{1,6}\s+(.+)$/;
const CAPITALS = /^(?=.*\p{Lu}{2})[\p{Lu}\d][\p{Lu}\d '’&/-]{2,60}:?$/u;
const BULLET = /^[-*•·]\s+(.*)$/;
const LETTER = /^([A-C])\)\s+(.*)$/;
const NUMBER = /^(\d{1,3})[.)]\s+(.*)$/;
const QUOTE = /^>\s?(.*)$/;
const FENCE = /^```/;

/** The blocks of a whole text. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let fence: string[] | null = null;
  let fresh = true; // an empty line ends a paragraph
  for (const line of text.split("\n")) {
    if (FENCE.test(line)) {
      if (fence) fence = null;
      else blocks.push({ kind: "code", text: "" }), (fence = []);
      fresh = true;
    } else if (fence) {
      fence.push(line);
      (blocks.at(-1) as { text: string }).text = fence.join("\n");
    } else if (!line.trim()) fresh = true;
    else {
      add(blocks, line.trimEnd(), fresh);
      fresh = false;
    }
  }
  return blocks;
}

function add(blocks: Block[], line: string, fresh: boolean): void {
  const last = blocks.at(-1);
  const heading = HEADING.exec(line) ?? (CAPITALS.test(line) ? [line, line] : null);
  const bullet = BULLET.exec(line);
  const number = NUMBER.exec(line);
  const letter = LETTER.exec(line);
  const quote = QUOTE.exec(line);
  if (heading) blocks.push({ kind: "heading", text: heading[1] ?? "" });
  else if (bullet || number || letter) addItem(blocks, last, Boolean(number ?? letter), Boolean(letter), (bullet?.[1] ?? (number ?? letter)?.[2]) || "", Number(number?.[1] ?? 1));
  else if (quote) {
    if (last?.kind === "quote" && !fresh) last.text += `\n${quote[1] ?? ""}`;
    else blocks.push({ kind: "quote", text: quote[1] ?? "" });
  } else if (last?.kind === "list" && !fresh) last.items[last.items.length - 1] += `\n${line.trim()}`;
  else if (last?.kind === "paragraph" && !fresh) last.text += `\n${line}`;
  else blocks.push({ kind: "paragraph", text: line });
}

function addItem(blocks: Block[], last: Block | undefined, ordered: boolean, letters: boolean, item: string, start: number): void {
  if (last?.kind === "list" && last.ordered === ordered && last.letters === letters) last.items.push(item);
  else blocks.push({ kind: "list", ordered, letters, start, items: [item] });
}
