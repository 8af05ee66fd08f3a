/** Made by build.mjs of understanding/safety/helplines.toml: do not edit. */

export interface CountryLines {
  emergency: string[];
  numbers: { number: string; ko: string; en: string }[];
}

export const NUMBERS: readonly string[] = ["112","119","109","1577-0199","1388","1366","911","988","1-800-799-7233","999","000","111"];
export const LINES: Record<string, CountryLines> = {
  "KR": {
    "emergency": [
      "112",
      "119"
    ],
    "numbers": [
      {
        "number": "109",
        "ko": "자살예방 상담전화 109",
        "en": "Korea: suicide prevention line 109"
      },
      {
        "number": "1577-0199",
        "ko": "정신건강 위기상담전화 1577-0199",
        "en": "Korea: mental health crisis line 1577-0199"
      },
      {
        "number": "1388",
        "ko": "청소년전화 1388",
        "en": "Korea: youth line 1388"
      },
      {
        "number": "1366",
        "ko": "여성긴급전화 1366",
        "en": "Korea: women's emergency line 1366"
      }
    ]
  },
  "US": {
    "emergency": [
      "911"
    ],
    "numbers": [
      {
        "number": "988",
        "ko": "미국: 988 Suicide & Crisis Lifeline",
        "en": "US: 988 Suicide & Crisis Lifeline"
      },
      {
        "number": "1-800-799-7233",
        "ko": "미국: National Domestic Violence Hotline 1-800-799-7233",
        "en": "US: National Domestic Violence Hotline 1-800-799-7233"
      }
    ]
  },
  "GB": {
    "emergency": [
      "999"
    ],
    "numbers": []
  },
  "IE": {
    "emergency": [
      "112",
      "999"
    ],
    "numbers": []
  },
  "EU": {
    "emergency": [
      "112"
    ],
    "numbers": []
  },
  "AU": {
    "emergency": [
      "000"
    ],
    "numbers": []
  },
  "NZ": {
    "emergency": [
      "111"
    ],
    "numbers": []
  },
  "IN": {
    "emergency": [
      "112"
    ],
    "numbers": []
  },
  "CA": {
    "emergency": [
      "911"
    ],
    "numbers": []
  }
};
