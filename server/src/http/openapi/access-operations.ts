import { toRun } from '../../command-form.ts';
import {
  pairAskExample,
  pairAskRequestExample,
  pairClaimExample,
  pairClaimRequestExample,
  pairExample,
  pairingCodeExample,
  pairingCodeRequestExample,
  pairRequestExample,
  proofExample,
  sessionDecisionExample,
  sessionExample,
  sessionLinkExample,
  sessionPairingsExample,
  sessionRequestExample,
} from './examples.ts';
import { json, type Operation } from './operation.ts';

/** The description of every route that gives a token or a session, or that only a session may use. */
export const accessOperations = {
  pairingCode: {
    summary: 'Create a one-time code for pairing',
    description: 'Without a body, the device’s swipes belong to the owner’s taste.',
    takes: { schema: 'PairingCodeRequest', example: pairingCodeRequestExample },
    answer: json('PairingCodeAnswer', pairingCodeExample),
    codes: ['body_malformed', 'body_too_large', 'body_too_slow', 'request_aborted'],
  },
  pair: {
    summary: 'Exchange a one-time code for a device token',
    description: `\`${toRun('pair')}\` shows a code. The server never shows the token again. If the request has an \`Origin\`, the token works only for that extension.`,
    takes: { schema: 'PairRequest', example: pairRequestExample },
    answer: json('PairAnswer', pairExample),
    codes: [
      'body_malformed',
      'body_too_large',
      'body_too_slow',
      'request_aborted',
      'pairing_code_invalid',
      'rate_limited',
      'device_not_saved',
    ],
  },
  pairAsk: {
    summary: 'Ask the person on the start page to allow this browser',
    description:
      'No code has to be typed. The start page shows the `name` and the `check`. The request ends after 3 minutes. The secret claims the token.',
    takes: { schema: 'PairAskRequest', example: pairAskRequestExample },
    answer: json('PairAskAnswer', pairAskExample),
    codes: ['body_malformed', 'body_too_large', 'body_too_slow', 'request_aborted', 'loopback_only'],
  },
  pairClaim: {
    summary: 'Ask what was decided about a request, and get the device token once',
    takes: { schema: 'PairClaimRequest', example: pairClaimRequestExample },
    answer: json('PairClaimAnswer', pairClaimExample),
    codes: [
      'body_malformed',
      'body_too_large',
      'body_too_slow',
      'request_aborted',
      'loopback_only',
      'pairing_request_unknown',
      'device_not_saved',
    ],
  },
  session: {
    summary: 'Open a session of the start page with the code of a link',
    description:
      'Only the start page can do it. Sets a cookie and returns a key; every request with the session needs both. The session lasts 24 hours, or until the server stops.',
    takes: { schema: 'SessionRequest', example: sessionRequestExample },
    answer: json('SessionAnswer', sessionExample),
    codes: [
      'body_malformed',
      'body_too_large',
      'body_too_slow',
      'request_aborted',
      'loopback_only',
      'link_code_invalid',
      'device_not_saved',
    ],
  },
  sessionLink: {
    summary: 'Create the code of a new link to the start page',
    description: 'It works once, within 15 minutes. The previous link stops working.',
    answer: json('SessionLinkAnswer', sessionLinkExample),
    codes: ['body_too_large'],
  },
  sessionPairings: {
    summary: 'List the browsers that want to connect, oldest first',
    answer: json('SessionPairingsAnswer', sessionPairingsExample),
    codes: [],
  },
  sessionDecide: {
    summary: 'Allow or deny a browser that wants to connect',
    takes: { schema: 'SessionDecision', example: sessionDecisionExample },
    answer: json('SessionPairingsAnswer', sessionPairingsExample),
    codes: ['body_malformed', 'body_too_large', 'body_too_slow', 'request_aborted', 'pairing_request_unknown'],
  },
  proof: {
    summary: 'Prove to a program on this machine that the server has the local token',
    description:
      'Commands ask for it before they send the token. The proof is HMAC-SHA256 of the `nonce` and of the server’s end of the connection, with the local token as the key.',
    parameters: ['nonce'],
    answer: json('ProofAnswer', proofExample),
    codes: ['nonce_invalid', 'loopback_only'],
  },
} as const satisfies Record<string, Operation>;
