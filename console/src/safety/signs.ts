/** Words of danger, by which a page without a server tells whom to show more than a line of numbers. Rather too many: nobody is harmed by them. */

const KO = /죽|자살|자해|목숨|살기 ?싫|살고 ?싶지|사라지고|없어지고|끝내고|뛰어내|목을|손목|약을|때려|때리|맞았|맞고|폭행|폭력|성추행|강간|협박|스토킹|칼|토하|굶/;
const EN = /\b(?:die|dying|dead|death|kill|suicid|self.?harm|hurt|cut myself|cutting|overdos|pills|end it|not be here|(?:to|want|worth) (?:live|living)|live any|hang|jump off|beats?|hits? me|hitting|rape|assault|abus|threat|stalk|knife|gun|purg|starv|bleed)/i;

export function alarming(text: string): boolean {
  return KO.test(text) || EN.test(text);
}
