/** Made by build.mjs of understanding/safety/helplines.toml: do not edit. */

export interface CountryLines {
  emergency: string[];
  numbers: { number: string; ko: string; en: string }[];
}

export const NUMBERS: readonly string[] = ["112","119","109","1577-0199","1388","1366","117","1303","02-735-8994","1350","1577-1366","1577-0071","911","988","1-800-799-7233","999","116 123","0800 1111","0808 2000 247","000","111","181","1098"];
export const EMERGENCY: readonly string[] = ["112","119","911","999","000","111"];
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
      },
      {
        "number": "117",
        "ko": "학교폭력 신고·상담 117",
        "en": "Korea: school violence line 117"
      },
      {
        "number": "1303",
        "ko": "국방헬프콜 1303",
        "en": "Korea: army helpline 1303"
      },
      {
        "number": "02-735-8994",
        "ko": "디지털성범죄피해자지원센터 02-735-8994",
        "en": "Korea: centre that has pictures taken down 02-735-8994"
      },
      {
        "number": "1350",
        "ko": "고용노동부 상담 1350",
        "en": "Korea: labour ministry 1350"
      },
      {
        "number": "1577-1366",
        "ko": "다누리콜센터 1577-1366",
        "en": "Korea: Danuri 1577-1366"
      },
      {
        "number": "1577-0071",
        "ko": "외국인력상담센터 1577-0071",
        "en": "Korea: migrant workers 1577-0071"
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
    "numbers": [
      {
        "number": "116 123",
        "ko": "영국: Samaritans 116 123",
        "en": "UK: Samaritans 116 123"
      },
      {
        "number": "0800 1111",
        "ko": "영국: Childline 0800 1111",
        "en": "UK: Childline 0800 1111"
      },
      {
        "number": "0808 2000 247",
        "ko": "영국: National Domestic Abuse Helpline 0808 2000 247",
        "en": "UK: National Domestic Abuse Helpline 0808 2000 247"
      }
    ]
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
    "numbers": [
      {
        "number": "181",
        "ko": "인도: 여성 상담전화 181",
        "en": "India: women's helpline 181"
      },
      {
        "number": "1098",
        "ko": "인도: 아동 상담전화 1098",
        "en": "India: child helpline 1098"
      }
    ]
  },
  "CA": {
    "emergency": [
      "911"
    ],
    "numbers": []
  }
};
