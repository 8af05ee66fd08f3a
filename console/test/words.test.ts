import assert from "node:assert/strict";
import { test } from "node:test";
import { joined } from "../src/words/later/particles";

test("Korean particles follow the sound before them", () => {
  assert.equal(joined("루아이(가) 답해요"), "루아가 답해요");
  assert.equal(joined("의도이(가), 호흡이(가)"), "의도가, 호흡이");
  assert.equal(joined("민준을(를) 고른 까닭"), "민준을 고른 까닭");
  assert.equal(joined("Lua이(가) 답해요"), "Lua이(가) 답해요");
});
