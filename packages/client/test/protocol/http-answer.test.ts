import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../src/protocol/http-answer.ts';

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
const read = (text: string, isComplete = false) => readAnswer(Buffer.from(text), isComplete);

describe('an answer of Lambda', () => {
  it('has status, headers and body', () => {
    const answer = read(`${HEAD}content-length: 2\r\n\r\n{}and what does not belong to it`);

    expect(answer).toMatchObject({ status: 200, body: '{}' });
    expect(answer?.headers.get('content-type')).toBe('application/json');
  });

  it('may come in chunks', () => {
    const chunked = `${HEAD}Transfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n3\r\n:1}\r\n0\r\n\r\n`;

    expect(read(chunked)?.body).toBe('{"a":1}');
  });

  it('is not there until the last byte is', () => {
    const answers = [
      `${HEAD}content-length: 5\r\n\r\n"höh"`,
      `${HEAD}transfer-encoding: chunked\r\n\r\n5\r\n"höh"\r\n0\r\n\r\n`,
    ].map((text) => text.replace('5', Buffer.byteLength('"höh"').toString(16)));
    for (const text of answers) {
      const bytes = Buffer.from(text);
      expect(readAnswer(bytes, false)?.body).toBe('"höh"');
      for (let length = 0; length < bytes.length - 5; length += 1) {
        expect(readAnswer(bytes.subarray(0, length), false)).toBeUndefined();
      }
    }
  });

  it('without a length ends with the connection', () => {
    expect(read(`${HEAD}\r\n{}`, false)).toBeUndefined();
    expect(read(`${HEAD}\r\n{}`, true)?.body).toBe('{}');
  });
});
