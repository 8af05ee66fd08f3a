/** Made by build.mjs of understanding/safety/helplines.toml: do not edit. */

/** A number, and who answers there in Korean and English. */
export type Line = [number: string, ko: string, en: string];

/** By country: the numbers of this minute, and the lines. */
export const LINES: Record<string, [emergency: Line[], lines: Line[]]> = {
 "KR": [
  [
   [
    "119",
    "구급차",
    "Ambulance"
   ],
   [
    "112",
    "경찰",
    "Police"
   ]
  ],
  [
   [
    "109",
    "자살예방 상담전화",
    "Suicide prevention line (Korea)"
   ],
   [
    "1577-0199",
    "정신건강 위기상담전화",
    "Mental health crisis line (Korea)"
   ],
   [
    "1388",
    "청소년전화",
    "Youth line (Korea)"
   ],
   [
    "1366",
    "여성긴급전화",
    "Women's emergency line (Korea)"
   ],
   [
    "117",
    "학교폭력 신고·상담",
    "School violence line (Korea)"
   ],
   [
    "1303",
    "국방헬프콜",
    "Army helpline (Korea)"
   ],
   [
    "02-735-8994",
    "디지털성범죄피해자지원센터",
    "Centre that has pictures taken down (Korea)"
   ],
   [
    "1350",
    "고용노동부 상담",
    "Labour ministry (Korea)"
   ],
   [
    "1577-1366",
    "다누리콜센터",
    "Danuri, in 13 languages (Korea)"
   ],
   [
    "1577-0071",
    "외국인력상담센터",
    "Migrant workers (Korea)"
   ]
  ]
 ],
 "US": [
  [
   [
    "911",
    "긴급 전화",
    "Emergency"
   ]
  ],
  [
   [
    "988",
    "미국 Suicide & Crisis Lifeline",
    "Suicide & Crisis Lifeline (US)"
   ],
   [
    "1-800-799-7233",
    "미국 National Domestic Violence Hotline",
    "National Domestic Violence Hotline (US)"
   ]
  ]
 ],
 "GB": [
  [
   [
    "999",
    "긴급 전화",
    "Emergency"
   ]
  ],
  [
   [
    "116 123",
    "영국 Samaritans",
    "Samaritans (UK)"
   ],
   [
    "0800 1111",
    "영국 Childline",
    "Childline (UK)"
   ],
   [
    "0808 2000 247",
    "영국 National Domestic Abuse Helpline",
    "National Domestic Abuse Helpline (UK)"
   ]
  ]
 ],
 "IE": [
  [
   [
    "112",
    "긴급 전화",
    "Emergency"
   ],
   [
    "999",
    "긴급 전화",
    "Emergency"
   ]
  ],
  []
 ],
 "EU": [
  [
   [
    "112",
    "긴급 전화",
    "Emergency"
   ]
  ],
  []
 ],
 "AU": [
  [
   [
    "000",
    "긴급 전화",
    "Emergency"
   ]
  ],
  []
 ],
 "NZ": [
  [
   [
    "111",
    "긴급 전화",
    "Emergency"
   ]
  ],
  []
 ],
 "IN": [
  [
   [
    "112",
    "긴급 전화",
    "Emergency"
   ]
  ],
  [
   [
    "181",
    "인도 여성 상담전화",
    "Women's helpline (India)"
   ],
   [
    "1098",
    "인도 아동 상담전화",
    "Child helpline (India)"
   ]
  ]
 ],
 "CA": [
  [
   [
    "911",
    "긴급 전화",
    "Emergency"
   ]
  ],
  []
 ],
 "any": [
  [
   [
    "112",
    "유럽 긴급 전화",
    "Emergency in Europe"
   ],
   [
    "911",
    "미국 긴급 전화",
    "Emergency in the US"
   ],
   [
    "999",
    "영국 긴급 전화",
    "Emergency in the UK"
   ]
  ],
  []
 ]
};
