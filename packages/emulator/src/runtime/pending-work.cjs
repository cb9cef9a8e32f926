'use strict';
// Keeps track of what the function has started and not ended: promises, timers, requests, sockets. Loaded only where
// somebody asks for it, because it makes each promise several times slower.
//
// What belongs together is one piece of work: everything that follows from one call in the user's code, such as
// `track(event)`. It is found by that call's place in the stack, and what is started later, when the stack is gone, by
// the piece of work in which it was started.
const { createHook, executionAsyncId } = require('node:async_hooks');
const { subscribe } = require('node:diagnostics_channel');
const { findSourceMap } = require('node:module');
const { connect } = require('node:net');
const { fileURLToPath } = require('node:url');
const { inspect } = require('node:util');

const MOST_FRAMES = 60;
const MOST_REPORTED = 50;
const MOST_STACK_LINES = 10;

/** What is worth a word, by the name that Node.js has for it. Timers and promises are looked at more closely. */
const RESOURCES = {
  GETADDRINFOREQWRAP: ['other', 'DNS lookup'],
  TCPCONNECTWRAP: ['socket', 'socket that connects'],
  TCPWRAP: ['socket', 'socket'],
  PIPEWRAP: ['socket', 'socket'],
  FSREQCALLBACK: ['other', 'file operation'],
  FSREQPROMISE: ['other', 'file operation'],
  PROCESSWRAP: ['other', 'child process'],
};
/** The first of these names what a piece of work is. */
const KINDS = ['request', 'timer', 'socket', 'other', 'promise'];

/** By async id, as long as the resource lives; a promise lives until it is collected. */
const records = new Map();
const works = new Map();
let requestId;
let lastId = 0;
/** What was pending at the last snapshot. */
let reported = new Map();
const root = process.env.LAMBDA_TASK_ROOT;

/** From here on, what is started without a cause belongs to this request. */
exports.beginRequest = (id) => {
  requestId = id;
};

const hook = createHook({
  init(asyncId, type, _triggerId, resource) {
    if (type !== 'PROMISE' && type !== 'Timeout' && !Object.hasOwn(RESOURCES, type)) {
      // What runs in it may start more.
      const work = records.get(executionAsyncId())?.work;
      if (work) records.set(asyncId, { work, kind: undefined });
      return;
    }
    const frames = captureFrames();
    const work = workOf(frames);
    if (!work) return;
    const record = { work, kind: undefined, what: undefined, resource: undefined };
    records.set(asyncId, record);
    if (type === 'PROMISE') {
      // It waits for Lambda itself when all work is done.
      if (isStartedBy(frames, /\/@async-http\/client\//)) return;
      pend(record, 'promise', 'promise', resource);
    } else if (type === 'Timeout') {
      // Node.js and HTTP clients have timers of their own for connections that are idle.
      if (isStartedBy(frames, /^node:|\/undici\//)) return;
      pend(record, 'timer', nameOfTimer(resource), resource);
    } else {
      const [kind, what] = RESOURCES[type];
      // Clients keep connections open when their requests have ended. Requests are counted below.
      if (/^(TCP|PIPE)WRAP$/.test(type) && !isStartedBy(frames, isUsers)) return;
      pend(record, kind, what, resource);
    }
  },
  destroy(asyncId) {
    const record = records.get(asyncId);
    records.delete(asyncId);
    if (record?.kind) record.work.pending.delete(record);
  },
});

function pend(record, kind, what, resource) {
  record.kind = kind;
  record.what = what;
  // A promise that nobody else holds cannot continue: it is not to live on because of us.
  record.resource = kind === 'promise' ? new WeakRef(resource) : resource;
  record.work.pending.add(record);
}

/** The piece of work that something belongs to which is started now; undefined for what is not the user's. */
function workOf(frames) {
  const outermost = frames.findLastIndex((frame) => frame.isUsers);
  const inherited = records.get(executionAsyncId())?.work;
  if (outermost === -1) return inherited;
  const { place, line, owner } = frames[outermost];
  // The function that has made the call continues after an await: what it calls now is another piece of work.
  if (inherited && inherited.owner !== owner) return inherited;
  // Started while the function loads, it is part of the function.
  if (requestId === undefined) return undefined;
  // A chain such as fetch().then() is one piece, though each call has its own column.
  const key = `${requestId} ${line}`;
  let work = works.get(key);
  if (!work) {
    lastId += 1;
    work = {
      id: lastId,
      key,
      at: place,
      owner,
      call: frames[outermost - 1]?.name,
      caller: frames[outermost].name,
      stack: frames
        .filter((frame) => frame.isUsers)
        .slice(0, MOST_STACK_LINES)
        .map((frame) => `${frame.name} (${frame.place})`),
      requestId,
      startedAt: Date.now(),
      pending: new Set(),
    };
    works.set(key, work);
  }
  return work;
}

// ---- the stack --------------------------------------------------------------------------------

function captureFrames() {
  const { stackTraceLimit, prepareStackTrace } = Error;
  const holder = {};
  try {
    Error.stackTraceLimit = MOST_FRAMES;
    Error.prepareStackTrace = (_, sites) => sites;
    Error.captureStackTrace(holder, hook.init);
    const sites = holder.stack;
    return Array.isArray(sites) ? sites.map(toFrame).filter((frame) => frame !== undefined) : [];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}

function toFrame(site) {
  const file = site.getFileName() ?? '';
  // An async frame is somebody who waits: not who has made the call.
  if (site.isAsync() || file === __filename || file.startsWith('node:internal/async_hooks'))
    return undefined;
  const { path, line, column } = original(
    file.startsWith('file:') ? fileURLToPath(file) : file,
    site.getLineNumber() ?? 0,
    site.getColumnNumber() ?? 0,
  );
  const name = site.getFunctionName() ?? '';
  return {
    name,
    path,
    place: `${shorten(path)}:${line}:${column}`,
    line: `${path}:${line}`,
    owner: `${path} ${name}`,
    isUsers: isUsers(path),
  };
}

/** The place in the file that was written, where a bundler has made another one of it. */
function original(path, line, column) {
  const entry = findSourceMap(path)?.findEntry(line - 1, column - 1);
  if (!entry?.originalSource) return { path, line, column };
  const source = entry.originalSource;
  return {
    path: source.startsWith('file:') ? fileURLToPath(source) : source,
    line: entry.originalLine + 1,
    column: entry.originalColumn + 1,
  };
}

function isUsers(path) {
  return (
    path !== '' &&
    !path.startsWith('node:') &&
    !path.startsWith(`${__dirname}/`) &&
    !path.startsWith('/opt/') &&
    !path.includes('/node_modules/')
  );
}

function shorten(path) {
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}

/** @param what of the path of the code that has called Node.js, past Node.js's own functions for the purpose */
function isStartedBy(frames, what) {
  const caller = frames.find(
    ({ path }) => path !== '' && !/^node:(internal\/)?(timers|net|async_hooks)/.test(path),
  );
  if (!caller) return what instanceof RegExp;
  return what instanceof RegExp ? what.test(caller.path) : what(caller.path);
}

function nameOfTimer(timer) {
  const ms = Math.round(timer._idleTimeout ?? 0).toLocaleString('en-US');
  return `${timer._repeat ? 'setInterval' : 'setTimeout'} ${ms} ms`;
}

// ---- requests ---------------------------------------------------------------------------------

/** Of requests that run: what ends them knows only the request. */
const requests = new WeakMap();

function beginHttp(request, what) {
  const work = workOf(captureFrames());
  if (!work) return;
  const record = { work };
  requests.set(request, record);
  record.kind = 'request';
  record.what = what;
  work.pending.add(record);
}

function endHttp(request, error) {
  const record = requests.get(request);
  if (!record) return;
  record.work.pending.delete(record);
  if (error) record.work.error = error;
}

const withoutQuery = (target) => String(target).split('?')[0];

subscribe('undici:request:create', ({ request }) =>
  beginHttp(request, `${request.method} ${request.origin}${withoutQuery(request.path)}`),
);
subscribe('undici:request:trailers', ({ request }) => endHttp(request));
subscribe('undici:request:error', ({ request, error }) => endHttp(request, error));
subscribe('http.client.request.created', ({ request }) => {
  const host = request.getHeader('host') ?? request.host;
  beginHttp(request, `${request.method} ${request.protocol}//${host}${withoutQuery(request.path)}`);
  request.once('error', (error) => endHttp(request, error));
  request.once('close', () => endHttp(request));
});

// ---- snapshots --------------------------------------------------------------------------------

/** What is pending now, by id. */
function findPending() {
  const pending = new Map();
  for (const [key, work] of works) {
    const described = describe(work);
    if (described) pending.set(work.id, { work, ...described });
    else if (work.pending.size === 0) works.delete(key);
  }
  return pending;
}

/** The same just before a freeze, and what has become of what was pending at the one before. */
function snapshot() {
  const pending = findPending();
  const ended = [...reported.values()].map(({ work, promises }) => {
    if (pending.has(work.id)) return { id: work.id, outcome: 'still pending' };
    const message = work.error ? String(work.error) : rejectionOf(promises);
    return { id: work.id, outcome: message ? 'failed' : 'finished', ...(message && { message }) };
  });
  reported = pending;
  return { pending: toList(pending), ended };
}

function toList(pending) {
  const now = Date.now();
  return [...pending.values()].slice(0, MOST_REPORTED).map(({ work, kind, what }) => ({
    id: work.id,
    kind,
    what,
    at: work.at,
    stack: work.stack.join('\n'),
    requestId: work.requestId,
    ageMs: now - work.startedAt,
  }));
}

function describe(work) {
  const open = [...work.pending].filter(isOpen);
  if (open.length === 0) return undefined;
  const kind = KINDS.find((one) => open.some((record) => record.kind === one));
  const details = [
    ...new Set(open.filter((record) => record.kind === kind).map(({ what }) => what)),
  ];
  const call = asCall(work.call);
  const what =
    kind === 'promise'
      ? call || asCall(work.caller) || 'a promise'
      : [call, details.slice(0, 3).join(', ')].filter(Boolean).join(': ');
  const promises = open
    .filter((record) => record.kind === 'promise')
    .map(({ resource }) => resource.deref());
  return { kind, what, promises };
}

/** @returns nothing for what the details name better */
function asCall(name) {
  return name && !/^(new )?Promise|^(setTimeout|setInterval|fetch)$/.test(name) ? `${name}()` : '';
}

function isOpen({ kind, resource }) {
  if (kind !== 'promise') return true;
  const promise = resource.deref();
  return promise !== undefined && stateOf(promise).startsWith('<pending>');
}

const stateOf = (promise) => inspect(promise, { depth: 0 }).slice('Promise {'.length).trimStart();

function rejectionOf(promises) {
  for (const promise of promises) {
    const [, reason] = /^<rejected> ?(.*)/.exec(stateOf(promise)) ?? [];
    if (reason !== undefined) return reason || 'rejected';
  }
}

// ---- the emulator -----------------------------------------------------------------------------

/** @param address `@` stands for the NUL of an abstract socket, which a variable cannot hold */
exports.start = (address) => {
  const socket = connect(address.replace(/^@/, '\0'));
  socket.unref();
  socket.on('error', () => {}); // The emulator has ended.
  socket.on('data', (data) => {
    // Each byte is a question. What is collected is taken from the lists a moment later.
    globalThis.gc?.();
    const answer = () => {
      for (const question of data.toString()) {
        const found = question === 'f' ? snapshot() : { pending: toList(findPending()), ended: [] };
        socket.write(`${JSON.stringify(found)}\n`);
      }
    };
    setImmediate(answer).unref();
  });
  hook.enable();
};
