'use strict';
// A connection to the Runtime API that can be used with the event loop, and without it.
// The native client needs no global, and a function may replace this one.
const { Buffer } = require('node:buffer');
const { readSync, writeSync } = require('node:fs');
const { connect } = require('node:net');

/** Memory that nobody changes: waiting for it is the only way to sleep without the event loop. */
const never = new Int32Array(new SharedArrayBuffer(4));
const PAUSE_MS = 0.1;
const CHUNK_BYTES = 64 * 1024;

/** One call at a time. It holds the process only while `call()` waits. */
exports.BlockingConnection = class BlockingConnection {
  #socket;
  #call;

  constructor(address) {
    const [host, port] = address.split(':');
    this.#socket = connect({ host, port: Number(port), noDelay: true });
    this.#socket.pause(); // What is read without the event loop must not be read by it.
    this.#socket.unref();
    this.#socket.on('data', (chunk) => this.#receive(chunk));
    this.#socket.on('error', (error) => this.#end(error));
    this.#socket.on('close', () => this.#end(new Error('the connection is closed')));
  }

  /** Calls back with an error, or with the response. */
  call(request, reader, callback) {
    this.#call = { reader, callback };
    if (this.#socket.destroyed) {
      this.#end(new Error('the connection is closed'));
      return;
    }
    this.#socket.ref();
    this.#socket.write(request);
    this.#socket.resume();
  }

  /** @returns the response. @throws when the connection is lost. */
  callBlocking(request, reader) {
    for (let sent = 0; sent < request.length; ) {
      sent += this.#whenReady((fd) => writeSync(fd, request, sent));
    }
    return this.readBlocking(reader);
  }

  /** The rest of a response; the process may end behind it. */
  readBlocking(reader) {
    while (true) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const length = this.#whenReady((fd) => readSync(fd, chunk));
      if (length === 0) throw new Error('the connection is closed');
      const response = reader.add(chunk.subarray(0, length));
      if (response) return response;
    }
  }

  #receive(chunk) {
    const response = this.#call?.reader.add(chunk);
    if (response) this.#end(undefined, response);
  }

  #end(error, response) {
    const call = this.#call;
    this.#call = undefined;
    this.#socket.pause();
    this.#socket.unref();
    call?.callback(error, response);
  }

  #whenReady(attempt) {
    while (true) {
      // Node.js has no public name for it. It is there once connected.
      const fd = this.#socket._handle?.fd;
      if (fd === undefined || fd < 0) throw new Error('there is no connection');
      try {
        return attempt(fd);
      } catch (error) {
        if (error.code !== 'EAGAIN') throw error;
        Atomics.wait(never, 0, 0, PAUSE_MS);
      }
    }
  }
};
