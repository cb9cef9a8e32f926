import { jsonAnswer } from '../http-answer.ts';

/** An answer that an HTTP API makes itself. */
export const message = (statusCode: number, text: string, problem?: string) =>
  jsonAnswer(statusCode, JSON.stringify({ message: text }), { problem });
