/** What the mobile app says. The browser gets these sentences without `authenticator.` before them. */
export const authenticatorEnglish = {
  'authenticator.title': 'Authenticator',
  'authenticator.manifest.name': '{company} Authenticator',
  'authenticator.manifest.description': 'Approves sign-ins to {company}, and shows codes without a network.',
  'authenticator.no-script': 'This app needs JavaScript. Switch it on for this site, and load the page again.',
  'authenticator.notification': 'Is this you signing in? Open the app to answer.',
  'authenticator.error': 'Error:',
  'authenticator.back': 'Back',
  'authenticator.done': 'Done',
  'authenticator.just-now': 'just now',
  'authenticator.browser-on': '{browser} on {system}',
  'authenticator.arrived': 'A request has come.',

  'authenticator.activate.heading': 'Connect this device',
  'authenticator.activate.lede':
    'Open the User Portal on your computer, choose the mobile app, and generate an activation code there.',
  'authenticator.activate.lede.link': 'The code from the {company} portal is filled in. Check the name, and go on.',
  'authenticator.activate.camera':
    'Rather not type? Point this device’s camera at the picture beside the code, and open the link that it shows.',
  'authenticator.activate.button': 'Activate',
  'authenticator.activate.done': 'This device is connected. Go back to the portal, which has moved on.',
  'authenticator.activate.refused':
    'That code does not work: mistyped, expired or used. Check it, or generate another one in the portal.',
  'authenticator.activate.too-many':
    'You have as many devices as you may have. In the portal, remove one first or let this one replace it.',
  'authenticator.activate.wait': 'There were too many wrong codes. Wait a few minutes, and try again.',
  'authenticator.activate.unreachable': 'There is no connection to the server. Check your network, and try again.',
  'authenticator.code.label': 'Activation code',
  'authenticator.code.hint': 'Twelve letters and digits, such as K7QX‑2M9D‑T4WB.',
  'authenticator.code.missing': 'Enter the activation code.',
  'authenticator.name.label': 'Name of this device',
  'authenticator.name.hint': 'So that you know it again in the portal.',
  'authenticator.name.default': 'My device',
  'authenticator.name.missing': 'Give this device a name.',
  'authenticator.anew.heading': 'This device is connected already',
  'authenticator.anew.lede': 'It answers for {account}. With the new code it answers for whoever generated that one.',
  'authenticator.anew.keep': 'Keep {account}',
  'authenticator.anew.button': 'Use the new code',
  'authenticator.removed': 'This device is no longer connected. To use it again, enter a new code.',

  'authenticator.home.heading': 'Nothing to approve',
  'authenticator.home.lede': 'When you sign in, the request appears here by itself.',
  'authenticator.home.waiting.one': 'A request is waiting',
  'authenticator.home.waiting.other': '{count} requests are waiting',
  'authenticator.home.open': '{application}, {when}',
  'authenticator.home.offline': 'There is no connection. Requests cannot come; the code below works without one.',
  'authenticator.clock.ahead':
    'This device’s clock is {time} ahead of the server’s. We allow for that here; other apps do not. Set it right.',
  'authenticator.clock.behind':
    'This device’s clock is {time} behind the server’s. We allow for that here; other apps do not. Set it right.',
  'authenticator.otp.heading': 'Your code',
  'authenticator.otp.lede': 'For “Use a code from the app” on the sign-in page. Works without a network.',
  'authenticator.otp.left.one': 'Changes in {count} second',
  'authenticator.otp.left.other': 'Changes in {count} seconds',
  'authenticator.otp.copy': 'Copy',
  'authenticator.otp.copied': 'Copied',
  'authenticator.device.heading': 'This device',
  'authenticator.device.account': 'Account',
  'authenticator.device.name': 'Name',
  'authenticator.alerts.heading': 'Notifications',
  'authenticator.alerts.off':
    'Let this device tell you when you sign in, also while the app is closed. A notification says nothing of what is asked.',
  'authenticator.alerts.button': 'Turn on notifications',
  'authenticator.alerts.turning-on': 'One moment',
  'authenticator.alerts.done': 'Notifications are on.',
  'authenticator.alerts.failed':
    'This browser could not turn them on, or the server cannot reach its push service. Open the app when you sign in.',
  'authenticator.alerts.blocked':
    'They are blocked for this site in your browser’s settings. Open the app when you sign in.',
  'authenticator.alerts.unsupported': 'This browser has none. Open the app when you sign in.',
  'authenticator.alerts.install':
    'To be told of sign-ins, put this app on your home screen first: “Share”, then “Add to Home Screen”.',

  'authenticator.prompt.heading.sign-in': 'Is this you signing in?',
  'authenticator.prompt.heading.step-up': 'Is this you, changing your account?',
  'authenticator.prompt.heading.app-proof': 'Is this you, setting up this app?',
  'authenticator.prompt.to': 'To',
  'authenticator.prompt.from': 'From',
  'authenticator.prompt.when': 'When',
  'authenticator.prompt.approve': 'Authenticate',
  'authenticator.prompt.deny': 'No, it’s not me',
  'authenticator.prompt.fraud': 'I did not ask for this: report fraud',
  'authenticator.prompt.later': 'Not now: show my code',
  'authenticator.prompt.replaced': 'A newer request has taken the place of the one before.',
  'authenticator.prompt.unreachable':
    'There is no connection, and nothing was sent. Check your network, and try again.',
  'authenticator.place.private': 'Your organisation’s network',
  'authenticator.place.this-machine': 'The server itself',
  'authenticator.place.unknown': 'Place not known',
  'authenticator.number.label': 'Type the number from the sign-in page',
  'authenticator.number.missing': 'Type the two digits that the sign-in page shows.',
  'authenticator.pin.label': 'PIN',
  'authenticator.pin.missing': 'Enter your PIN.',
  'authenticator.pin.wrong.one': 'That isn’t your PIN. {count} try left.',
  'authenticator.pin.wrong.other': 'That isn’t your PIN. {count} tries left.',
  'authenticator.fraud.heading': 'Report fraud?',
  'authenticator.fraud.lede':
    'Somebody who knows your password asked for this. We refuse it, and tell {company}; your account may be blocked until they have looked at it.',
  'authenticator.fraud.button': 'Report fraud',

  'authenticator.outcome.approved.heading': 'Approved',
  'authenticator.outcome.approved.text': 'Go on in your browser, which has moved on.',
  'authenticator.outcome.denied.heading': 'Refused',
  'authenticator.outcome.denied.text':
    'Nobody was signed in. If it was not you, somebody knows your password: change it soon.',
  'authenticator.outcome.reported.heading': 'Fraud was reported',
  'authenticator.outcome.reported.text': 'Nobody was signed in. Somebody knows your password: change it now.',
  'authenticator.outcome.reported.blocked.heading': 'Your account is blocked',
  'authenticator.outcome.reported.blocked.text':
    'You reported fraud, so nobody can sign in to it. Call your help desk to open it again.',
  'authenticator.outcome.wrong-number.heading': 'That was not the number',
  'authenticator.outcome.wrong-number.text':
    'Nobody was signed in. If you mistyped, press “Send it again” on the sign-in page. If you do not see that page, this was not you.',
  'authenticator.outcome.gone.heading': 'This request is over',
  'authenticator.outcome.gone.text':
    'It was answered elsewhere, or it is too late. If you still want to sign in, press “Send it again” on the page.',
  'authenticator.outcome.locked.heading': 'Locked for now',
  'authenticator.outcome.locked.text': 'There were too many wrong answers. The sign-in page says when you can go on.',

  'authenticator.leave.open': 'Remove the account from this device',
  'authenticator.leave.heading': 'Remove the account from this device?',
  'authenticator.leave.lede':
    'It no longer answers for {account}, and its codes stop working. To come back you need a new code.',
  'authenticator.leave.button': 'Remove it',
  'authenticator.leave.done': 'The account was removed from this device.',
  'authenticator.leave.last':
    'You are asked in this app when you sign in. Remove this device on your account page in the portal, or choose another way there first.',
  'authenticator.leave.unreachable': 'There is no connection to the server, so nothing was removed. Try again later.',
} as const
