/** Tables as users have them, for the preview of the import screen. */

/** A download with a notice above the heading, a row without credits and a total. */
export const copiedList = `사용 내역 (2026.03.01 - 2026.03.18)
일시,기능,내용,크레딧,잔액
2026. 3. 18. 오전 11:49,영상 생성,파도에 밀려오는 유리병,-33,1917
2026. 3. 18. 오전 10:22,웹 검색,조선 백자 도록,-2,1950
2026. 3. 18. 오전 10:21,대화,봄 전시 포스터 시안,-1,1952
2026. 3. 18. 오전 9:05,이미지 생성,가지에 달린 감 두 개,-8,1953
2026. 3. 17. 오후 10:31,이미지 생성,창가에 앉은 검은 고양이,-10,1961
2026. 3. 17. 오후 10:31,이미지 생성,창가에 앉은 검은 고양이,-10,1971
2026. 3. 17. 오후 10:05,영상 생성,달빛 아래 잔잔한 밤바다,-30,1981
2026. 3. 17. 오후 3:30,이미지 생성,오후 빛이 드는 나무 탁자 위의 백자 달항아리,,
2026. 3. 16. 오후 8:41,오디오 생성,빗소리,-20,2011
2026. 3. 15. 오전 9:00,지급,3월 구독 크레딧,1420,2031
합계,,,1306,
`

/** The same history in English, without a sign of refunds or kinds. */
export const englishList = `Date,Feature,Description,Credits
"Mar 18, 2026, 11:49 AM",Video generation,A glass bottle on the waves,-33
"Mar 18, 2026, 10:22 AM",Web search,Joseon white porcelain,-2
"Mar 17, 2026, 10:31 PM",Image generation,A black cat at the window,-10
"Mar 17, 2026, 10:05 PM",Video generation,A calm sea in the moonlight,n/a
"Mar 15, 2026, 9:00 AM",Grant,March subscription,1420
`
