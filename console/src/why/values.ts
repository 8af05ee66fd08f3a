/** The parts of a resonance key in both languages. */

import { language } from "../words";

const KOREAN: Record<string, string> = {
  frustrated: "답답함",
  playful: "장난스러움",
  anxious: "불안함",
  analytical: "분석적",
  calm: "차분함",
  curious: "궁금함",
  urgent: "급함",
  confused: "혼란스러움",
  collaborative: "함께하려 함",
  burst: "빠름",
  flowing: "이어짐",
  contemplative: "느리고 깊음",
  medium: "보통",
  seek_advice: "조언 구하기",
  problem_solving: "문제 풀기",
  learning: "배우기",
  validation: "확인받기",
  planning: "계획하기",
  reflection: "돌아보기",
};

/** The name of a value as people say it. */
export function valueName(value: string): string {
  return language.value === "ko" ? (KOREAN[value] ?? value) : value.replaceAll("_", " ");
}

/** A sentence of the server with the values in it as people say them. */
export function said(sentence: string): string {
  return sentence.replaceAll(/\b[a-z]+(?:_[a-z]+)?\b/g, (word) => (language.value === "ko" ? (KOREAN[word] ?? word) : word.replaceAll("_", " ")));
}
