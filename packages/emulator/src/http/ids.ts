import { randomBytes } from 'node:crypto';

/** An id in the form that API Gateway gives to requests: 16 characters of base64. */
export const createRequestId = (): string => randomBytes(11).toString('base64');

/** `Root=1-<time>-<random>`, the form of X-Ray. */
export const createTraceId = (at: Date): string => {
  const seconds = Math.floor(at.getTime() / 1000)
    .toString(16)
    .padStart(8, '0');
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')}`;
};
