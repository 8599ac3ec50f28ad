/** As much of a User-Agent as a person recognises, "Firefox on Windows"; "" when it says nothing that we know. */
export function browserName(userAgent, words) {
  const browser = known(userAgent, [
    ['Edg/', 'Edge'],
    ['OPR/', 'Opera'],
    ['SamsungBrowser/', 'Samsung Internet'],
    ['Firefox/', 'Firefox'],
    ['FxiOS/', 'Firefox'],
    ['Chrome/', 'Chrome'],
    ['CriOS/', 'Chrome'],
    ['Safari/', 'Safari'],
  ])
  const system = known(userAgent, [
    ['Android', 'Android'],
    ['iPhone', 'iPhone'],
    ['iPad', 'iPad'],
    ['Windows', 'Windows'],
    ['Mac OS X', 'macOS'],
    ['CrOS', 'ChromeOS'],
    ['Linux', 'Linux'],
  ])
  return browser && system ? words('browser-on', { browser, system }) : (browser ?? system ?? '')
}

function known(userAgent, marks) {
  return marks.find(([mark]) => userAgent.includes(mark))?.[1]
}
