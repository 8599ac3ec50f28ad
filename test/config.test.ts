import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { inspect } from 'node:util'
import { checkOptions } from '../src/config/check.ts'
import { environmentName } from '../src/config/environment.ts'
import { optionsOfFile } from '../src/config/file-options.ts'
import { describeMistakes } from '../src/config/mistake.ts'
import { optionAt, optionPaths } from '../src/config/options.ts'
import { readConfig } from '../src/config/read-config.ts'
import { configurationReference } from '../src/config/reference.ts'
import { checkForRole, sdkListen } from '../src/config/roles.ts'
import { readYamlFile } from '../src/config/yaml-file.ts'
import { checkSmpp } from '../src/outbound/delivery/sms/smpp-config.ts'
import { checkTemplate } from '../src/outbound/delivery/sms/template.ts'
import { isFilter } from '../src/outbound/directory/ldap-filter.ts'

const CANARY = 'hunter2-canary'
const EXAMPLE = new URL('../sallyport.example.yaml', import.meta.url)
const LDAP = `directory:
  kind: ldap
  ldap:
    url: ldaps://dc1.example.org
    bind_dn: svc@example.org
    bind_password: 0123
    base_dn: dc=example,dc=org
    filter: (objectClass=person)
    timeout_seconds: 7
`

const WINDOWS = `
directory:
  kind: windows
  windows:
    domain: Corp.Example
    account: sallyport@corp.example
    password: example
    trusted: [other.example, third.example THIRD dc9.third.example]
`

const folders: string[] = []
after(() => folders.forEach((folder) => void rmSync(folder, { recursive: true })))

describe('a configuration', () => {
  test('needs no file: every default is right', () => {
    const { config } = world({}).right()

    assert.deepEqual(config.portal.listen, { host: '0.0.0.0', port: 8443 })
    assert.deepEqual(config.portal.tls, { kind: 'self-made' })
    assert.deepEqual(config.directory, { kind: 'local' })
    assert.deepEqual(config.database, { kind: 'sqlite' })
    assert.deepEqual(config.sms.providers, [])
    assert.equal(config.sdk.client, undefined)
  })

  test('is frozen all the way down', () => {
    const { config } = world({ yaml: LDAP }).right()

    assert.ok(Object.isFrozen(config))
    assert.ok(Object.isFrozen(config.portal.listen))
    assert.ok(config.directory.kind === 'ldap' && Object.isFrozen(config.directory.ldap.attributes))
  })

  test('of an LDAP directory comes out as the directory takes it', () => {
    const { config } = world({ yaml: LDAP }).right()

    assert.ok(config.directory.kind === 'ldap')
    const { bindPassword, timeoutMs, userFilter, url } = config.directory.ldap
    assert.equal(bindPassword?.reveal(), '0123', 'a password of digits keeps its zero')
    assert.deepEqual([timeoutMs, userFilter, url], [7000, '(objectClass=person)', 'ldaps://dc1.example.org'])
  })

  test('of an LDAP directory may name a certificate in place of an account, shown under TLS only', () => {
    const ldap = (url: string) =>
      `directory:\n  kind: ldap\n  ldap:\n    url: ${url}\n    base_dn: dc=x\n    bind: certificate\n`
    const problems = (yaml: string) =>
      world({ yaml })
        .wrong()
        .mistakes.map(({ problem }) => problem)
    assert.deepEqual(problems(ldap('ldaps://dc1.example.org')), [
      'It asks for directory.ldap.tls.cert, which is not given.',
      'It asks for directory.ldap.tls.key, which is not given.',
    ])
    assert.match(problems(ldap('ldap://127.0.0.1')).join(' '), /shown under TLS only/)
  })

  test('takes the command line before the environment before the file', () => {
    const yaml = 'data: /of-file\nlog:\n  level: warn\n  format: json\n'
    const env = { SALLYPORT_DATA: '/of-env', SALLYPORT_LOG_LEVEL: 'error' }

    const { config } = world({ yaml, env, flags: { data: { flag: '--data', text: '/of-flag' } } }).right()

    assert.deepEqual([config.dataFolder, config.log.level, config.log.format], ['/of-flag', 'error', 'json'])
  })

  test('starts relative names at the folder of the file, and in the environment at the working folder', () => {
    const { folder, right } = world({ yaml: 'data: inner' })

    assert.equal(right().config.dataFolder, join(folder, 'inner'))
    assert.equal(world({ env: { SALLYPORT_DATA: 'inner' } }).right().config.dataFolder, join(process.cwd(), 'inner'))
  })

  test('takes an empty variable for none', () => {
    assert.equal(
      world({ yaml: 'log: {level: warn}', env: { SALLYPORT_LOG_LEVEL: '' } }).right().config.log.level,
      'warn',
    )
  })

  test('reads lists from the environment at commas', () => {
    const env = { SSL_REQUIRED: 'FALSE', SALLYPORT_PORTAL_TRUSTED_PROXIES: '10.0.0.5, 2001:db8::/32' }

    const { portal } = world({ env }).right().config

    assert.deepEqual(portal.trustedProxies, ['10.0.0.5', '2001:db8::/32'])
    assert.deepEqual(portal.tls, { kind: 'off' })
  })

  test('has its filters judged by whoever sends them, with their lines', () => {
    const yaml = `${LDAP.replace('filter: (objectClass=person)', 'filter: (a=b)(c=d)')}  people: {filters: {group: "(&)", person: "(cn=a\\\\28)"}}\n`
    const { mistakes } = world({ yaml, judges: { isFilter } }).wrong()
    assert.deepEqual(
      mistakes.map(({ where, path, problem }) => [/\d+$/.exec(where)?.[0], path, problem]),
      [
        ['8', 'directory.ldap.filter', 'This is not an LDAP filter.'],
        ['10', 'directory.people.filters.group', 'This is not an LDAP filter.'],
      ],
    )
  })

  test('hands the settings over with their lines, and takes the mistakes of whoever checks them', () => {
    const yaml = 'settings:\n  portal:\n    allowEnrolment: true\n    attempts: 5\n'
    const { mistakes } = world({
      yaml,
      judges: {
        settings({ values, whereOf }) {
          assert.deepEqual(values, { portal: { allowEnrolment: true, attempts: 5 } })
          return [{ where: whereOf('portal.attempts'), path: 'settings.portal.attempts', problem: 'P', remedy: 'R' }]
        },
      },
    }).wrong()

    assert.match(mistakes[0]?.where ?? '', /sallyport\.yaml:4$/)
  })
})

describe('the request for a text message', () => {
  const yaml = 'sms:\n  providers: http\n  http:\n    url: https://x/{to}\n    content_type: a/b\n    body: "{text}"\n'

  test('is judged by whoever sends it, and the mistakes have their lines', () => {
    const textTemplate = () => [{ where: 'contentType', problem: 'is not known' }]

    const { mistakes } = world({ yaml, judges: { textTemplate } }).wrong()

    assert.equal(mistakes[0]?.path, 'sms.http.content_type')
    assert.match(mistakes[0]?.where ?? '', /:5$/)
  })

  test('comes out as the sender takes it', () => {
    const { sms } = world({ yaml }).right().config

    const [http] = sms.providers
    assert.ok(http?.kind === 'http')
    const { expectStatus, method, contentType, timeoutMs } = http.settings
    assert.deepEqual(expectStatus, [{ from: 200, to: 299 }])
    assert.deepEqual([method, contentType, timeoutMs], ['POST', 'a/b', 10_000])
  })
})

describe('mistakes in a configuration', () => {
  test('are told all at once, in the order of the file, each with line, value and remedy', () => {
    const { text } = world({
      yaml: [
        'portal:',
        '  lisen: 0.0.0.0:1',
        '  listen: 0.0.0.0:99999',
        '  tls:',
        '    cert: nowhere.pem',
        '  ssl_required: perhaps',
        'directory:',
        '  kind: ldap',
        '  ldap:',
        '    url: ldap://dc1.example.org',
        '    bind_password: [x]',
        'log: loud',
        'bind_password: x',
      ].join('\n'),
      env: { DATABASE_URL: `mysql://${CANARY}@db/x` },
    }).wrong()

    assert.equal(
      text,
      `The configuration has 11 mistakes:

FILE:2  portal.lisen
    There is no such option.
    Did you mean portal.listen?

FILE:3  portal.listen: "0.0.0.0:99999"
    The port is not from 0 to 65535.
    Write a host and a port, for example 0.0.0.0:8443 or [::]:8443.

FILE:5  portal.tls.cert: "nowhere.pem"
    The file is not there.
    Write the name of a file.

FILE:6  portal.ssl_required: "perhaps"
    This is neither true nor false.
    Write true or false.

FILE:8  directory.kind
    It asks for directory.ldap.bind_dn, which is not given.
    Give directory.ldap.bind_dn.

FILE:8  directory.kind
    It asks for directory.ldap.base_dn, which is not given.
    Give directory.ldap.base_dn.

FILE:10  directory.ldap.url
    Passwords would cross the network in the clear.
    Write ldaps://, or set directory.ldap.start_tls: true.

FILE:11  directory.ldap.bind_password
    This is a list, where a text is wanted.
    Write the secret itself.

FILE:12  log
    This is a section, not a value.
    Its options are: level, format.

FILE:13  bind_password
    There is no such option.
    Did you mean directory.ldap.bind_password?

DATABASE_URL  database.url
    It does not start with postgres://.
    Write postgres://user:password@host/database.`,
    )
  })

  for (const [what, yaml, line, problem] of [
    ['a key that stands twice', 'log:\n  level: info\n  level: warn', 3, /stands twice/],
    ['an option in both spellings', 'log:\n  level: info\nlog.level: warn', 3, /stands twice/],
    ['a tab', 'log:\n\tlevel: info', 2, /tab/],
    ['an alias', 'data: &a x\nlog: *a', 2, /alias/],
    ['a tag', 'data: !!js/function x', 1, /tag/],
    ['a second document', 'data: x\n---\ndata: y', 2, /---/],
    ['an open quote', 'data: "x', 1, /not closed/],
    ['a missing colon', 'log:\n  level info\n  format: json', 2, /without ":"/],
    ['a list as a file', '- data', 1, /sections/],
    ['no value', 'log:\n  level:', 2, /no value/],
    ['a master key', `master_key: ${CANARY}`, 1, /not read from the file/],
    ['a __proto__', '__proto__: 1', 1, /no such option/],
  ] as const) {
    test(`tell the line of ${what}`, () => {
      const { mistakes, text } = world({ yaml }).wrong()

      assert.equal(mistakes.length, 1, text)
      assert.match(mistakes[0]?.where ?? '', new RegExp(`:${line}$`))
      assert.match(mistakes[0]?.problem ?? '', problem)
    })
  }

  for (const [what, yaml, problem] of [
    ['plain HTTP without a proxy', 'portal: {ssl_required: false}', /without TLS/],
    ['trust in everyone', 'portal: {trusted_proxies: 0.0.0.0/0}', /everyone/],
    [
      'an IPv4 subnet in disguise',
      'portal: {trusted_proxies: "0:0:0:0:0:ffff:10.0.0.0/104"}',
      /IPv4 address in disguise/,
    ],
    ['a portal address on the network without TLS', 'portal: {url: "http://mfa.example.org"}', /without TLS/],
    ['an address that ends elsewhere', 'portal: {url: "https://mfa.example.org/other"}', /another than portal.path/],
    ['the same port twice', 'health: {listen: "0.0.0.0:8443"}', /same address/],
    [
      'a section whose switch was forgotten',
      'directory:\n  ldap: {base_dn: "dc=x"}',
      /Nothing uses directory.ldap.base_dn/,
    ],
    ['a text message without its text', 'sms: {providers: http, http: {url: "https://x/{to}"}}', /\{text\}/],
    ['a SHA-1 fingerprint', `sdk: {client: {use: false, fingerprint: "${'ab'.repeat(20)}"}}`, /SHA-1/],
    ['a header with a line break', 'sms:\n  providers: none\n  http: {headers: {A: "x\\r\\nB: y"}}', /cannot hold/],
    ['an account that the bind has no use for', `${LDAP}    bind: anonymous\n`, /does not use directory.ldap.bind_dn/],
    ['groups of a directory without groups', 'directory: {groups: {enrolment: Staff}}', /not asked for groups/],
    ['two domains of one short name', `${WINDOWS}    netbios: Third\n`, /are called THIRD, .*THIRD\\ann/],
    ['a domain that trusts itself', WINDOWS.replace('other.example', 'CORP.example HQ'), /are called CORP\.EXAMPLE/],
    ['a port that there cannot be', LDAP.replace(/(url: \S+)/, '$1:0'), /no such port/],
    ['StartTLS within TLS', `${LDAP}    start_tls: true\n`, /asks for it again/],
  ] as const) {
    test(`are told of ${what}`, () => {
      const { mistakes, text } = world({ yaml }).wrong()

      assert.equal(mistakes.length, 1, text)
      assert.match(mistakes[0]?.problem ?? '', problem)
    })
  }

  test('never show a secret, wherever it stands', () => {
    const { text } = world({
      yaml: [
        'directory:',
        '  ldap:',
        `    bind_password: {${CANARY}: ${CANARY}}`,
        `    url: ldap://u:${CANARY}@dc1`,
        `    base_dn: [${CANARY}]`,
        'sms:',
        '  providers: http',
        '  http:',
        `    url: https://u:${CANARY}@gateway/{to}`,
        `    headers: {"bad name": ${CANARY}}`,
        `    password: ""`,
        `master_key: ${CANARY}`,
      ].join('\n'),
      env: {
        DATABASE_URL: CANARY,
        WEB_SERVICE_SDK_URL: `http://u:${CANARY}@server`,
        WEB_SERVICE_SDK_AUTHENTICATION_PASSWORD: CANARY,
      },
    }).wrong()

    assert.ok(!text.includes(CANARY), text)
  })

  for (const [what, broken] of [
    ['nested mappings', `password: ${CANARY}: x`],
    ['stray text', `"x" ${CANARY}`],
    ['an open bracket', `password: [${CANARY}`],
    ['an unknown escape', `password: "${CANARY}\\q"`],
  ] as const) {
    test(`never quote a line that is not YAML: ${what}`, () => {
      assert.ok(!world({ yaml: broken }).wrong().text.includes(CANARY))
    })
  }

  test('cannot write to the terminal', () => {
    const { text } = world({ yaml: 'log:\n  level: "\\e[2J\\u202e\\u009b1m"\n"x\\e[2J": 1' }).wrong()

    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
  })

  test('are a named file that is not there, a large one, and one that is not text', () => {
    const said = (file: string) => {
      const read = readConfig({ file, env: {} })
      return 'mistakes' in read ? read.mistakes[0]?.problem : undefined
    }
    const { folder } = world({})
    writeFileSync(join(folder, 'large.yaml'), `#${'x'.repeat(300 * 1024)}`)
    writeFileSync(join(folder, 'latin1.yaml'), Buffer.from([0x64, 0x3a, 0xe4]))

    assert.equal(said(join(folder, 'nowhere.yaml')), 'The file is not there.')
    assert.equal(said(join(folder, 'large.yaml')), 'The file is larger than 256 KiB.')
    assert.equal(said(join(folder, 'latin1.yaml')), 'The file is not UTF-8 text.')
    assert.equal(said(folder), 'This is not a file.')
  })

  test('are a file of aliases of aliases and one of brackets only, and neither takes the program down', () => {
    const bomb = [
      'a0: &a0 [x, x]',
      ...Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`),
    ].join('\n')

    assert.match(world({ yaml: `settings:\n  ${bomb.replaceAll('\n', '\n  ')}` }).wrong().text, /alias/)
    assert.match(world({ yaml: `settings: ${'['.repeat(100_000)}` }).wrong().text, /nested too deeply/)
  })
})

describe('the mail server', () => {
  const MAIL =
    'mail:\n  from: Contoso sign-in <no-reply@example.org>\n  smtp:\n    host: [mail1.example.org, 192.0.2.5]\n'

  test('comes out as the sender takes it, with the port of its TLS', () => {
    const { mail } = world({ yaml: MAIL }).right().config
    assert.deepEqual(mail?.from, { name: 'Contoso sign-in', address: 'no-reply@example.org' })
    assert.deepEqual(mail?.hosts, ['mail1.example.org', '192.0.2.5'])
    assert.deepEqual([mail?.tls, mail?.port, mail?.timeoutMs], ['starttls', 587, 60_000])
    const ports = ['implicit', 'none'].map(
      (tls) => world({ yaml: `${MAIL}    tls: ${tls}\n` }).right().config.mail?.port,
    )
    assert.deepEqual(ports, [465, 25])
    assert.equal(world({}).right().config.mail, undefined)
  })

  test('has all its mistakes told at once', () => {
    const yaml = [
      'mail:',
      '  from: "Contoso, no-reply@example.org"',
      '  reply_to: helpdesk',
      '  smtp:',
      '    host: mail.example.org:25',
      '    port: 0',
      '    tls: maybe',
    ]
    const { text, mistakes } = world({ yaml: yaml.join('\n') }).wrong()
    assert.equal(mistakes.length, 5, text)
    for (const line of [2, 3, 5, 6, 7]) assert.match(text, new RegExp(`FILE:${line}`))
  })

  for (const [what, yaml, problem] of [
    ['a server without a sender', 'mail:\n  smtp:\n    host: mail.example.org', /asks for mail\.from/],
    ['a sender without a server', 'mail:\n  from: no-reply@example.org', /Nothing uses mail\.from/],
    ['a name without a password', `${MAIL}    username: sallyport`, /without mail\.smtp\.password/],
    [
      'a password in the clear',
      `${MAIL}    tls: none\n    username: sallyport\n    password: ${CANARY}`,
      /in the clear/,
    ],
  ] as const) {
    test(`is refused with ${what}`, () => {
      const { text } = world({ yaml }).wrong()
      assert.match(text, problem)
      assert.doesNotMatch(text, new RegExp(CANARY))
    })
  }

  test('may have a password without TLS on this machine alone', () => {
    const yaml = MAIL.replace('[mail1.example.org, 192.0.2.5]', '127.0.0.1')
    assert.ok(world({ yaml: `${yaml}    tls: none\n    username: a\n    password: b` }).right())
  })
})

describe('a secret in the environment', () => {
  test('can come from a file, without the line break at its end', () => {
    const { folder } = world({})
    writeFileSync(join(folder, 'key'), `${CANARY}\n`)

    const { config } = world({ env: { SALLYPORT_MASTER_KEY_FILE: join(folder, 'key') } }).right()

    assert.equal(config.masterKey?.reveal(), CANARY)
  })

  test('cannot come from both, nor from an empty file or none', () => {
    const { folder } = world({})
    writeFileSync(join(folder, 'empty'), '\n')

    assert.match(
      world({ env: { DATABASE_URL: CANARY, DATABASE_URL_FILE: '/x' } }).wrong().text,
      /DATABASE_URL is given as well/,
    )
    assert.match(world({ env: { DATABASE_URL_FILE: join(folder, 'empty') } }).wrong().text, /The file is empty/)
    assert.match(world({ env: { DATABASE_URL_FILE: join(folder, 'none') } }).wrong().text, /The file is not there/)
  })

  test('does not print, in the configuration nor among the effective values', () => {
    const env = { DATABASE_URL: `postgres://u:${CANARY}@db/x`, SALLYPORT_MASTER_KEY: CANARY }
    const { config, effective } = world({ yaml: LDAP.replace('0123', CANARY), env }).right()

    assert.ok(!inspect({ config, effective }, { depth: 9 }).includes(CANARY))
    assert.ok(!JSON.stringify({ config, effective }).includes(CANARY))
    assert.equal(effective.find(({ path }) => path === 'database.url')?.value, '[secret]')
  })
})

describe('a role', () => {
  const split = {
    USE_WEB_SERVICE_SDK: 'true',
    WEB_SERVICE_SDK_URL: 'https://server.example.org:8444/Sdk',
    WEB_SERVICE_SDK_AUTHENTICATION_USERNAME: 'portal',
    WEB_SERVICE_SDK_AUTHENTICATION_PASSWORD: 'x',
    WEB_SERVICE_SDK_FINGERPRINT: `sha256 Fingerprint=${'ab:'.repeat(31)}cd`,
  }

  test('of a portal alone needs the way to the server, and gets it', () => {
    const { config } = world({ env: split }).right()

    assert.deepEqual(checkForRole(config, 'portal'), [])
    assert.equal(config.sdk.client?.url, 'https://server.example.org:8444/Sdk/')
    assert.equal(config.sdk.client?.fingerprint, `${'AB:'.repeat(31)}CD`)
    assert.equal(checkForRole(world({}).right().config, 'portal')[0]?.path, 'sdk.client.use')
  })

  test('of an app service alone is asked the same', () => {
    const { config } = world({ env: split }).right()
    const rich = world({ env: { ...split, DATABASE_URL: 'postgres://db/x' } }).right().config

    assert.deepEqual(checkForRole(config, 'app'), [])
    assert.deepEqual(checkForRole(rich, 'app')[0]?.path, 'database.url')
    assert.match(checkForRole(rich, 'app')[0]?.problem ?? '', /^An app service faces the internet/)
    assert.equal(sdkListen(config, 'app'), undefined)
  })

  test('names the app by its own address, or else by the portal’s; push services are names of hosts', () => {
    const of = (yaml: string) => world({ yaml }).right().config
    assert.equal(of('portal: {url: "https://mfa.example.org/"}').app.origin, 'https://mfa.example.org')
    assert.equal(of('{portal: {url: "https://a.org"}, app: {url: "https://b.org/x"}}').app.origin, 'https://b.org')
    assert.deepEqual(of('push: {hosts: [PUSH.example.org, "*.up.example.net"]}').push.hosts, [
      'push.example.org',
      '*.up.example.net',
    ])
    assert.equal(of('push: {contact: admin@example.org}').push.contact, 'mailto:admin@example.org')
    for (const host of ['https://push.example.org', '*', '*.', 'localhost', '10.0.0.1', 'a.*.example.org'])
      assert.ok('mistakes' in world({ yaml: `push: {hosts: ["${host}"]}` }).read(), host)
  })

  test('of a Windows domain: its short name and its trusted domains’ follow from their names, unless given', () => {
    const { directory } = world({ yaml: WINDOWS }).right().config
    assert.ok(directory.kind === 'windows')
    const { domain, netbios, trusted, controllers, security, username, changePasswords } = directory.windows
    assert.deepEqual([domain, netbios, controllers], ['corp.example', 'CORP', []])
    assert.deepEqual([security, username, changePasswords], ['ldaps', 'upn', true])
    const none = { suffixes: [], account: undefined }
    assert.deepEqual(trusted, [
      { domain: 'other.example', netbios: 'OTHER', controllers: [], ...none },
      { domain: 'third.example', netbios: 'THIRD', controllers: ['dc9.third.example'], ...none },
    ])
  })

  test('of trusted domains: other suffixes of names, and accounts of their own', () => {
    const lines = `sallyport@other.example ${CANARY} 1\n\nTHREE\\svc  x`
    const yaml = WINDOWS.replace(
      'other.example, third.example THIRD',
      'other.example @Brand.example, third.example THREE',
    )
    const { directory } = world({ yaml, env: { SALLYPORT_DIRECTORY_WINDOWS_TRUSTED_ACCOUNTS: lines } }).right().config
    assert.ok(directory.kind === 'windows')
    const { trusted } = directory.windows
    assert.deepEqual(trusted[0]?.suffixes, ['brand.example'])
    const accounts = trusted.map(({ account }) => account && [account.name, account.password.reveal()])
    assert.deepEqual(accounts, [
      ['sallyport@other.example', `${CANARY} 1`],
      ['THREE\\svc', 'x'],
    ])
    assert.doesNotMatch(JSON.stringify(trusted), new RegExp(CANARY))
  })

  for (const [what, lines] of [
    ['without a domain', `sallyport ${CANARY}`],
    ['without a password', 'sallyport@other.example'],
    ['of another domain', `sallyport@else.example ${CANARY}`],
    ['of one domain twice', `a@other.example ${CANARY}\nOTHER\\b ${CANARY}`],
  ]) {
    test(`of trusted domains: refuses accounts ${what}, and repeats no password`, () => {
      const { mistakes } = world({
        yaml: WINDOWS,
        env: { SALLYPORT_DIRECTORY_WINDOWS_TRUSTED_ACCOUNTS: lines },
      }).wrong()
      assert.deepEqual(
        mistakes.map(({ path }) => path),
        ['directory.windows.trusted_accounts'],
      )
      assert.doesNotMatch(JSON.stringify(mistakes), new RegExp(CANARY))
    })
  }

  for (const trusted of ['a.example CORP', 'corp.example OTHER', 'a.example @corp.example', 'a.example, b.example A']) {
    test(`of trusted domains: refuses a name that leads to two: ${trusted}`, () => {
      const yaml = WINDOWS.replace(/trusted: .*/, `trusted: [${trusted}]`)
      const { mistakes } = world({ yaml }).wrong()
      assert.deepEqual(
        mistakes.map(({ path }) => path),
        ['directory.windows.trusted'],
      )
    })
  }

  test('names the groups of a directory by DN or by name', () => {
    const yaml = `${WINDOWS}  groups: {enrolment: "CN=MFA Users,DC=corp,DC=example", service_accounts: PhoneFactor Admins}\n`
    assert.deepEqual(world({ yaml }).right().config.groups, {
      enrolment: 'CN=MFA Users,DC=corp,DC=example',
      serviceAccounts: 'PhoneFactor Admins',
    })
  })

  for (const [path, value] of [
    ['domain', 'corp'],
    ['netbios', 'a.b'],
    ['controllers', 'dc1 dc2'],
    ['controllers', 'dc1:65536'],
    ['trusted', 'other.example dc1.other.example:0'],
    ['dns', 'dns.corp.example'],
    ['trusted', 'other'],
    ['trusted', 'other.example @a@b'],
    ['username', 'cn'],
  ]) {
    test(`of a Windows domain: ${path} cannot be ${value}`, () => {
      const others = WINDOWS.split('\n').filter((line) => !line.includes(`    ${path}:`))
      const yaml = [...others.slice(0, -1), `    ${path}: ${value}`, ''].join('\n')
      const paths = world({ yaml })
        .wrong()
        .mistakes.map((mistake) => mistake.path)
      assert.ok(paths.includes(`directory.windows.${path}`), paths.join())
    })
  }

  test('of a portal alone must not hold what opens the engine', () => {
    const { config } = world({
      yaml: LDAP,
      env: { ...split, DATABASE_URL: 'postgres://db/x', SALLYPORT_MASTER_KEY: 'x' },
    }).right()

    const paths = checkForRole(config, 'portal').map(({ path }) => path)

    assert.deepEqual(paths, ['database.url', 'master_key', 'directory.ldap.bind_password'])
    const domain = world({ yaml: WINDOWS, env: split }).right().config
    assert.deepEqual(
      checkForRole(domain, 'portal').map(({ path }) => path),
      ['directory.windows.password'],
    )
    const accounts = { ...split, SALLYPORT_DIRECTORY_WINDOWS_TRUSTED_ACCOUNTS: 'a@other.example x' }
    assert.deepEqual(
      checkForRole(world({ yaml: WINDOWS, env: accounts }).right().config, 'portal').map(({ path }) => path),
      ['directory.windows.password', 'directory.windows.trusted_accounts'],
    )
  })

  test('with an engine has no use for the client', () => {
    const { config } = world({ env: split }).right()

    assert.equal(checkForRole(config, 'all').length, 1)
    assert.equal(checkForRole(config, 'server').length, 1)
  })

  test('of a server listens for the SDK unless told where; the whole only when told', () => {
    const { config } = world({}).right()
    const told = world({ yaml: 'sdk: {listen: "127.0.0.1:1"}' }).right().config

    assert.equal(sdkListen(config, 'server')?.port, 8444)
    assert.equal(sdkListen(config, 'all'), undefined)
    assert.equal(sdkListen(told, 'all')?.port, 1)
    assert.equal(sdkListen(told, 'portal'), undefined)
  })
})

describe('the table of options', () => {
  test('has a name of its own in the environment for each', () => {
    const names = optionPaths.flatMap((path) => environmentName(path) ?? [])

    assert.equal(new Set(names).size, names.length)
  })

  test('keeps its secrets in the type that does not print', () => {
    const { values } = checkOptions(
      new Map([['sms.http.password', { where: 'x', base: '.', raw: { shape: 'text', text: CANARY } }]]),
      new Set(),
    )

    assert.equal(String(values['sms.http.password']), '[secret]')
    for (const path of optionPaths.filter(
      (path) => /password|key$|secret|token|trusted_accounts/.test(path) && !path.endsWith('tls.key'),
    )) {
      assert.ok(optionAt(path).secret, path)
    }
  })

  test('stands whole in the example, which has no mistakes as it is nor with every line in use', () => {
    const text = readFileSync(EXAMPLE, 'utf8')
    // Groups are of no use to local passwords.
    const everyLine = text.replace(/^#(?=\S| {2})/gm, '').replace('  kind: local\n', '  kind: windows\n')
    const { file, read } = world({
      yaml: everyLine,
      judges: { textTemplate: checkTemplate, smpp: checkSmpp, isFilter },
    })
    const parsed = readYamlFile(file)

    world({ yaml: text }).right()
    assert.ok('tree' in parsed)
    const inFile = optionPaths.filter((path) => optionAt(path).only !== 'environment' && !optionAt(path).again)
    assert.deepEqual([...optionsOfFile(parsed.tree, file).given.keys()].sort(), inFile.sort())
    const result = read()
    assert.ok('mistakes' in result, 'the files that it names are not there')
    assert.deepEqual([...new Set(result.mistakes.map(({ problem }) => problem))], ['The file is not there.'])
    for (const path of optionPaths.filter((path) => optionAt(path).only))
      assert.ok(text.includes(environmentName(path) ?? ''))
  })

  test('is the reference page, with every option and its name', () => {
    const page = configurationReference()

    for (const path of optionPaths) assert.ok(page.includes(optionAt(path).meaning), path)
    assert.match(page, /\| `portal\.ssl_required` \| `SSL_REQUIRED` \| True or false; default `true` \|/)
    assert.match(page, /`DATABASE_URL`, `DATABASE_URL_FILE`/)
  })
})

type Situation = { yaml?: string } & Partial<Omit<Parameters<typeof readConfig>[0], 'file'>>

/** An operator wrote this file (none if not said), and the environment holds that and nothing else. */
function world({ yaml, env = {}, ...rest }: Situation) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-config-'))
  folders.push(folder)
  const file = join(folder, 'sallyport.yaml')
  if (yaml !== undefined) writeFileSync(file, yaml)

  const read = () => readConfig({ file: yaml === undefined ? undefined : file, env, ...rest })
  return {
    folder,
    file,
    read,
    right() {
      const result = read()
      assert.ok('config' in result, 'mistakes' in result ? describeMistakes(result.mistakes) : '')
      return result
    },
    wrong() {
      const result = read()
      assert.ok('mistakes' in result, 'there should be mistakes')
      return { mistakes: result.mistakes, text: describeMistakes(result.mistakes).replaceAll(file, 'FILE') }
    },
  }
}
