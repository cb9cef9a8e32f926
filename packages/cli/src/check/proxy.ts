import type { Finding } from '../finding.ts';
import { PROXY, type Subject } from './subject.ts';

const EXPORTS = ['handler', 'consumer'];

/** The layer has two ready-made handlers. */
export function checkProxy({ declaration: { handler } }: Subject): Finding[] {
  if (handler === undefined || !/^\/opt\/proxy(?:\.|$)/.test(handler)) return [];
  if (EXPORTS.some((name) => handler === `${PROXY}.${name}`)) return [];
  return [
    {
      code: 'ASYNC_HTTP_CHECK_PROXY',
      severity: 'error',
      problem: `The handler is ${handler}, which the layer does not have, so every request would fail.`,
      advice: `Write ${PROXY}.handler, or ${PROXY}.consumer for the worker of a queue.`,
    },
  ];
}
