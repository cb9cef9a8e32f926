// What both kinds of project files can ask for and the local HTTP API does not do.

export const AUTHORIZERS =
  'Authorizers are not emulated: every request is let through, without requestContext.authorizer.';
export const CORS =
  'CORS settings of the HTTP API are not emulated: OPTIONS requests go to the routes, and no headers are added.';
export const PAYLOAD_1 = 'Payload format 1.0 is not emulated: functions get events in format 2.0.';

export const notEmulated = (kind: string) =>
  `Events of type ${kind} are not emulated. Run such a function with: invoke FUNCTION --event event.json`;

export const misspelt = (kind: string, meant: string) =>
  `The event type ${kind} is not known, so there is no such route: write ${meant}.`;
