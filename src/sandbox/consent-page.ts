import { createHash } from 'node:crypto'

const style = `
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px; box-sizing: border-box;
  background: light-dark(#f6f4ef, #161513); color: light-dark(#1f1d19, #f2efe8);
  font: 16px/1.55 Pretendard, 'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans KR', system-ui, sans-serif;
  word-break: keep-all; overflow-wrap: anywhere; }
main { max-width: 27rem; width: 100%; box-sizing: border-box; padding: 28px; border-radius: 14px;
  background: light-dark(#fffefc, #1e1d1a); border: 1px solid light-dark(#e2ddd2, #3a3731); }
h1 { margin: 0; font-size: 20px; line-height: 1.35; }
h1 + p { margin: 4px 0 16px; }
p { margin: 0 0 12px; }
.small, [lang=en] { color: light-dark(#524e47, #bdb8ad); font-size: 14px; }
.account { padding: 10px 14px; border-radius: 10px; background: light-dark(#f1eee6, #292723); font-weight: 600; }
form { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 20px; }
button { flex: 1 1 8rem; min-height: 44px; padding: 0 16px; border-radius: 10px; font: inherit; cursor: pointer;
  border: 1px solid light-dark(#8a8478, #7d776b); background: none; color: inherit; }
button[value=allow] { border-color: transparent; background: light-dark(#3c4fb8, #aeb9ff); color: light-dark(#fff, #14172b); }
button:focus-visible { outline: 3px solid light-dark(#3c4fb8, #aeb9ff); outline-offset: 2px; }
`

/** The page holds no script; its form leads to the program on this machine that asked. */
export const consentPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "form-action 'self' http://127.0.0.1:*",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

const escaped = (text: string) => text.replaceAll(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** Asks whether the app may read the sample account, in Korean and English. `fields` come back with the decision. */
export function consentPage(accountName: string, fields: Record<string, string>): string {
  const hidden = Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`)
    .join('')
  return `<!doctype html>
<html lang="ko">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>로그인 · Sign in</title>
<style>${style}</style>
<main>
<h1>Carat Companion에서 이 계정의 기록을 읽어도 될까요?</h1>
<p lang="en">May Carat Companion read the records of this account?</p>
<p class="account">${escaped(accountName)}</p>
<p>작업, 결과, 사용 내역을 읽기만 해요. 크레딧을 쓰거나 기록을 바꾸지 않아요.</p>
<p lang="en">It only reads jobs, results and the credit history. It spends no credits and changes nothing.</p>
<p class="small">내장된 예시 서비스의 화면이에요. <span lang="en">This page belongs to the built-in sample service.</span></p>
<form method="post">${hidden}
<button name="decision" value="deny">거절 · Decline</button>
<button name="decision" value="allow">허용 · Allow</button>
</form>
</main>
</html>
`
}
