// What project files can ask for and the local APIs do not do.

import type { Section } from './section.ts';
import type { Warnings } from './warnings.ts';

export const AWS_IAM =
  'AWS_IAM authorization is not emulated: its routes let every request through, without requestContext.authorizer.';

export const authorizerNotEmulated = (name: string, reason: string) =>
  `The authorizer ${name} is not emulated, because ${reason}: its routes let every request through, without requestContext.authorizer.`;

export const tokensNotChecked = (name: string) =>
  `Tokens for the authorizer ${name} are decoded, but their signature is not checked, because only AWS knows who issues them.`;

export const unknownApiKeys = (names: readonly string[]) =>
  names.length === 0
    ? 'The project has no API keys, so routes that need one take any x-api-key here.'
    : `Only AWS knows the values of the API keys ${names.join(', ')}, so routes that need a key take any x-api-key here. Give the keys values to have them checked.`;

export const NOTHING_TO_RUN =
  'so there is nothing to run. Add one, or name another project file or folder';

const DURABLE =
  'Durable executions are not emulated: the function is invoked with the plain event, which a durable handler refuses.';

export const CONTAINER_IMAGE =
  'is a container image, which is not emulated; run it with Docker, or give it a handler';

export const nonProxy = (integration: string, method: string, path: string) =>
  `The integration ${integration} of ${method} ${path} is not emulated, so this route answers 501: only Lambda proxy integrations are.`;

export const withoutFunction = (integration: string, method: string, path: string) =>
  `The integration ${integration} of ${method} ${path} is not emulated, so there is no such route here: only Lambda proxy integrations are.`;

export const OPEN_API_ELSEWHERE =
  'The OpenAPI definition of an API is not a file on this machine: only the other routes of the project are served.';

export const notEmulated = (kind: string) =>
  `Events of type ${kind} are not emulated. Run such a function with: invoke FUNCTION --event event.json`;

export const webSocketRoutes = (keys: readonly string[]) =>
  `WebSocket APIs are not emulated, so these routes are left out: ${keys.join(', ')}. Run their functions with: invoke FUNCTION --event event.json`;

export const misspelt = (kind: string, meant: string) =>
  `The event type ${kind} is not known, so there is no such route: write ${meant}.`;

/** @param key of the section that makes the function a durable one */
export function warnOfDurable(section: Section, key: string, warnings: Warnings): void {
  if (section.has(key)) warnings.add(DURABLE, section.place(key));
}
