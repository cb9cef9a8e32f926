'use strict';
// As much of HTTP/1.1 as the Runtime API of the emulator speaks with its runtime.

// The native client needs no global, and a function may replace this one.
const { Buffer } = require('node:buffer');
const CRLF = '\r\n';
const END_OF_HEAD = Buffer.from(CRLF + CRLF);

/** @throws {Error} when it would not be a valid request. */
exports.requestBytes = function requestBytes(method, path, headers = {}, body = '') {
  if (/[^\x21-\x7e]/.test(path)) throw new Error(`the path ${path} is not one of a URL`);
  const content = Buffer.from(body);
  const lines = [`${method} /2018-06-01/runtime/invocation/${path} HTTP/1.1`, 'host: runtime'];
  for (const [name, value] of Object.entries({ ...headers, 'content-length': content.length })) {
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw new Error(`the header ${name} is not valid`);
    lines.push(`${name}: ${value}`);
  }
  return Buffer.concat([Buffer.from(lines.join(CRLF), 'latin1'), END_OF_HEAD, content]);
};

/** Puts one response together, which says how long it is. */
exports.ResponseReader = class ResponseReader {
  #chunks = [];
  #length = 0;
  #head;

  /** @returns the response when it is complete. Header values have one character for each byte. */
  add(chunk) {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    this.#head ??= this.#readHead();
    if (!this.#head || this.#length < this.#head.bodyAt + this.#head.bodyLength) return undefined;
    const { status, headers, bodyAt } = this.#head;
    return { status, headers, body: Buffer.concat(this.#chunks).subarray(bodyAt) };
  }

  #readHead() {
    const received = Buffer.concat(this.#chunks);
    const end = received.indexOf(END_OF_HEAD);
    if (end < 0) return undefined;
    const [statusLine, ...lines] = received.toString('latin1', 0, end).split(CRLF);
    const headers = {};
    for (const line of lines) {
      const colon = line.indexOf(':');
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    return {
      status: Number(statusLine.split(' ')[1]),
      headers,
      bodyAt: end + END_OF_HEAD.length,
      bodyLength: Number(headers['content-length'] ?? 0),
    };
  }
};
