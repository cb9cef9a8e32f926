import { jsonAnswer } from '../http-answer.ts';

/** An answer that a REST API makes itself. Bodies are written out, because AWS puts a space in some of them. */
export const gatewayResponse = (statusCode: number, json: string, type: string, problem?: string) =>
  jsonAnswer(statusCode, json, { problem, headers: [['x-amzn-errortype', type]] });
