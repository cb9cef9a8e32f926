'use strict';
// Keeps track of what the function has started and not ended: promises, timers, requests, sockets. Loaded only where
// somebody asks for it, because it makes each promise several times slower.
//
// Each place in the user's code from which something is called, such as `track(event)`, is a call; what it leads to hangs
// below it, also what is started later, when the stack is gone. One that is still pending is reported at the outermost
// call that has not come to its end: calls that were awaited, such as that of a framework, have nothing to do with it.
const { createHook, executionAsyncId } = require('node:async_hooks');
const { subscribe } = require('node:diagnostics_channel');
const { findSourceMap } = require('node:module');
const { connect } = require('node:net');
const { isAbsolute, relative } = require('node:path');
const { fileURLToPath } = require('node:url');
const { inspect } = require('node:util');

const MOST_FRAMES = 60;
const MOST_REPORTED = 50;
const MOST_STACK_LINES = 10;
const TASK_ROOT = process.env.LAMBDA_TASK_ROOT;

/** What is worth a word, by the name that Node.js has for it. Timers and promises are looked at more closely. */
const RESOURCES = {
  GETADDRINFOREQWRAP: ['other', 'DNS lookup'],
  QUERYWRAP: ['other', 'DNS lookup'],
  TCPCONNECTWRAP: ['socket', 'socket that connects'],
  TCPWRAP: ['socket', 'socket'],
  PIPEWRAP: ['socket', 'socket'],
  FSREQCALLBACK: ['other', 'file operation'],
  FSREQPROMISE: ['other', 'file operation'],
  PROCESSWRAP: ['other', 'child process'],
};
const TIMERS = new Set(['Timeout', 'Immediate']);
const SOCKETS = new Set(['TCPWRAP', 'PIPEWRAP']);
/** The first of these names what a piece of work is. */
const KINDS = ['request', 'timer', 'socket', 'other', 'promise'];

/** By async id, as long as the resource lives; a promise lives until it is collected. */
const records = new Map();
/** Those of them that count while they are pending. */
const open = new Set();
let projectFolder = TASK_ROOT;
/** The parent of the current request's calls; undefined while the function loads. */
let root;
let lastId = 0;
/** What was pending at the last snapshot. */
let reported = new Map();

/** From here on, what is started without a cause belongs to this request. */
exports.beginRequest = (requestId) => {
  root = { requestId, children: new Map(), works: new Map() };
};

const hook = createHook({
  init(asyncId, type, _triggerId, resource) {
    const isKnown = type === 'PROMISE' || TIMERS.has(type) || Object.hasOwn(RESOURCES, type);
    if (!isKnown) {
      // What runs in it may start more.
      const call = records.get(executionAsyncId())?.call;
      if (call) records.set(asyncId, { call });
      return;
    }
    const frames = captureFrames();
    // Such as what the runtime does when the handler calls its callback: the next request may follow from it.
    if (isStartedBy(frames, isRuntimes)) return;
    const call = callOf(frames);
    if (!call) return;
    const record = { call };
    records.set(asyncId, record);
    if (type === 'PROMISE') {
      // It waits for Lambda itself when all work is done.
      if (isStartedBy(frames, /\/@async-http\/client\//)) return;
      // A promise without other references can never settle; we must not keep it alive.
      pend(record, 'promise', 'promise', new WeakRef(resource));
      addResult(record, frames);
    } else if (TIMERS.has(type)) {
      // Node.js and HTTP clients have timers of their own for connections that are idle.
      if (isStartedBy(frames, /^node:|\/undici\//)) return;
      pend(record, 'timer', nameOfTimer(type, resource), resource);
    } else {
      const [kind, what] = RESOURCES[type];
      // Clients keep connections open when their requests have ended. Requests are counted below.
      if (SOCKETS.has(type) && !isStartedBy(frames, isUsers)) return;
      pend(record, kind, what, resource);
    }
  },
  destroy(asyncId) {
    const record = records.get(asyncId);
    if (!record) return;
    records.delete(asyncId);
    open.delete(record);
    for (const call of record.resultOf ?? []) call.results.delete(record);
  },
});

function pend(record, kind, what, resource) {
  Object.assign(record, { kind, what, resource, startedAt: Date.now() });
  open.add(record);
}

// ---- calls ------------------------------------------------------------------------------------

/** The innermost call that leads to what is started now; undefined for what is not the user's. */
function callOf(frames) {
  const outermost = frames.findLastIndex((frame) => frame.isUsers);
  const inherited = records.get(executionAsyncId())?.call;
  if (outermost === -1) return inherited;
  let call = inherited;
  // A function that continues after an await: what it calls now is a sibling of what it has called before.
  while (call && call.owner !== frames[outermost].owner) call = call.parent;
  call = call?.parent ?? inherited ?? root;
  for (let index = outermost; call && index >= 0; index -= 1) {
    if (frames[index].isUsers) call = below(call, frames[index], frames[index - 1]);
  }
  return call;
}

function below(parent, frame, callee) {
  let call = parent.children.get(frame.place);
  if (!call) {
    const { place, line, owner, name } = frame;
    // An async function creates its promise when it starts, which is not a call.
    const isStart = !callee && frame.isStart;
    const calleeName = isStart ? name : callee?.name;
    call = { parent, place, line, owner, name, isStart, callee: calleeName, children: new Map() };
    call.isOfLibrary = callee !== undefined && !callee.isUsers;
    parent.children.set(place, call);
  }
  return call;
}

/**
 * Notes the promise with those calls that it is probably the result of: what was called has made it itself, or it is the
 * first one that a synchronous function of the user's has made on its way.
 */
function addResult(record, frames) {
  record.resultOf = [];
  let { call } = record;
  for (let index = 0; index < frames.length; index += 1) {
    if (!frames[index].isUsers) continue;
    if (index === 1 || (index > 1 && !call.results && frames[index - 1].isUsers)) {
      call.results ??= new Set();
      call.results.add(record);
      record.resultOf.push(call);
    }
    call = call.parent;
  }
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

/** By file and position: to look for the original place takes long. */
const known = new Map();

function toFrame(site) {
  const file = site.getFileName();
  // Without a file it is a function of the language. An async frame is a function that awaits, not the one that made the call.
  if (!file || file === __filename || file.startsWith('node:internal/async_hooks'))
    return undefined;
  if (site.isAsync()) return undefined;
  const ofFile = known.get(file) ?? new Map();
  known.set(file, ofFile);
  const position = site.getPosition();
  const frame = ofFile.get(position) ?? describeSite(site, file);
  ofFile.set(position, frame);
  return frame;
}

function describeSite(site, file) {
  const line = site.getLineNumber() ?? 0;
  const column = site.getColumnNumber() ?? 0;
  const start = `${site.getEnclosingLineNumber()}:${site.getEnclosingColumnNumber()}`;
  const written = original(file.startsWith('file:') ? fileURLToPath(file) : file, line, column);
  const { path } = written;
  return {
    name: site.getFunctionName() ?? '',
    path,
    place: `${shorten(path)}:${written.line}:${written.column}`,
    line: `${path}:${written.line}`,
    /** The function, by where it starts. */
    owner: `${file}:${start}`,
    isStart: start === `${line}:${column}`,
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

const isRuntimes = (path) => path.startsWith(`${__dirname}/`);

function isUsers(path) {
  return (
    path !== '' &&
    !path.startsWith('node:') &&
    !isRuntimes(path) &&
    !path.startsWith('/opt/') &&
    !path.includes('/node_modules/')
  );
}

/** Relative to the code of the function; what it is bundled from, to the project. */
function shorten(path) {
  if (path.startsWith(`${TASK_ROOT}/`)) return path.slice(TASK_ROOT.length + 1);
  if (!isAbsolute(path)) return path;
  const short = relative(projectFolder, path);
  // In a workspace, a source file may be beside the project; one that shares only the root with it is named in full.
  return short === relative(projectFolder, '/') + path ? path : short;
}

/** @param what of the path of the code that has called Node.js, past Node.js's own functions for the purpose */
function isStartedBy(frames, what) {
  const caller = frames.find(({ path }) => !/^node:(internal\/)?(timers|net|_?tls)/.test(path));
  if (!caller) return what instanceof RegExp;
  return what instanceof RegExp ? what.test(caller.path) : what(caller.path);
}

function nameOfTimer(type, timer) {
  if (type === 'Immediate') return 'setImmediate';
  const ms = Math.round(timer._idleTimeout ?? 0).toLocaleString('en-US');
  return `${timer._repeat ? 'setInterval' : 'setTimeout'} ${ms} ms`;
}

// ---- requests ---------------------------------------------------------------------------------

/** Of requests that run: what ends them knows only the request. */
const requests = new WeakMap();

function requestStarts(request, what) {
  const call = callOf(captureFrames());
  if (!call) return;
  const record = { call };
  requests.set(request, record);
  pend(record, 'request', what);
}

function requestEnds(request, error) {
  const record = requests.get(request);
  if (!record) return;
  open.delete(record);
  record.error ??= error;
}

const withoutQuery = (target) => String(target).split('?')[0];

subscribe('undici:request:create', ({ request }) =>
  requestStarts(request, `${request.method} ${request.origin}${withoutQuery(request.path)}`),
);
subscribe('undici:request:trailers', ({ request }) => requestEnds(request));
subscribe('undici:request:error', ({ request, error }) => requestEnds(request, error));
subscribe('http.client.request.created', ({ request }) => {
  const host = request.getHeader('host') ?? request.host;
  requestStarts(
    request,
    `${request.method} ${request.protocol}//${host}${withoutQuery(request.path)}`,
  );
  request.once('error', (error) => requestEnds(request, error));
  request.once('close', () => requestEnds(request));
});
subscribe('http2.client.stream.created', ({ stream, headers }) => {
  const target = `${headers[':scheme']}://${headers[':authority']}${withoutQuery(headers[':path'])}`;
  requestStarts(stream, `${headers[':method']} ${target}`);
  stream.once('error', (error) => requestEnds(stream, error));
  stream.once('close', () => requestEnds(stream));
});

// ---- snapshots --------------------------------------------------------------------------------

/** What is pending just before a freeze, and what has become of what was at the one before. */
function snapshot() {
  const pending = collect();
  const ended = [...reported.values()].map(({ id, records: before, promises }) => {
    if (pending.has(id)) return { id, outcome: 'still pending' };
    const { error } = before.find((record) => record.error) ?? {};
    const message = error ? String(error) : rejectionOf(promises);
    return { id, outcome: message ? 'failed' : 'finished', ...(message && { message }) };
  });
  reported = pending;
  return { ...toList(pending), ended };
}

/** The same in between, which changes nothing. */
function look() {
  return { ...toList(collect()), ended: [] };
}

function toList(works) {
  const now = Date.now();
  const described = [...works.values()].map((work) => describe(work, now));
  // The last entry gives the number of the rest.
  const listed = described.length > MOST_REPORTED ? MOST_REPORTED - 1 : described.length;
  return { pending: described.slice(0, listed), more: described.length - listed };
}

/** @returns whether a promise is pending: only then is it worth collecting those without references */
function forgetSettled() {
  let isAnyPending = false;
  for (const record of open) {
    if (record.kind !== 'promise') continue;
    if (isPending(record.resource.deref())) isAnyPending = true;
    else open.delete(record);
  }
  return isAnyPending;
}

/** What is pending, by the line of the call that it is reported at. */
function collect() {
  const works = new Map();
  for (const record of open) {
    const promise = record.kind === 'promise' ? record.resource.deref() : undefined;
    if (record.kind === 'promise' && !isPending(promise)) continue;
    const call = outermostPending(record.call);
    const { requestId, works: ids } = rootOf(call);
    // A chain such as fetch().then() is one piece of work, though each call has its own column.
    const id = ids.get(call.line) ?? nextId();
    ids.set(call.line, id);
    const work = works.get(id) ?? { id, call, requestId, records: [], promises: [] };
    works.set(id, work);
    work.records.push(record);
    if (promise) work.promises.push(promise);
  }
  const all = [...works.values()];
  for (const work of all) {
    if (all.some((other) => saysMore(other, work))) works.delete(work.id);
  }
  return works;
}

/** What a promise waits for is more useful than the promise itself, if a library or an async function made it on the way. */
function saysMore(other, { call, records }) {
  if (other.call === call || records.some(({ kind }) => kind !== 'promise')) return false;
  if (call.isStart && other.call.parent === call.parent && other.call.owner === call.owner)
    return true;
  for (let above = other.call.parent; above; above = above.parent) if (above === call) return true;
  return false;
}

function nextId() {
  lastId += 1;
  return lastId;
}

/** Of the calls that have led to this one. */
function outermostPending(call) {
  let found = call;
  for (let one = call.parent; one?.parent; one = one.parent) {
    if (!hasEnded(one)) found = one;
  }
  return found;
}

/** What gives no promise is not known to have ended; a library that has called the user's code back has done its part. */
function hasEnded({ results, isOfLibrary }) {
  if (!results) return isOfLibrary;
  return ![...results].some((record) => isPending(record.resource.deref()));
}

function rootOf(call) {
  return call.parent ? rootOf(call.parent) : call;
}

function describe({ id, call, requestId, records: open }, now) {
  const kind = KINDS.find((one) => open.some((record) => record.kind === one));
  const ofKind = open.filter((record) => record.kind === kind);
  const details = [...new Set(ofKind.map(({ what }) => what))].slice(0, 3).join(', ');
  const isPlain = !call.callee || /^(setTimeout|setInterval|setImmediate|fetch)$/.test(call.callee);
  const name = isPlain ? '' : `${call.callee}()`;
  const what =
    kind === 'promise' ? name || 'a promise' : [name, details].filter(Boolean).join(': ');
  const stack = stackOf(open[0].call);
  const ageMs = now - open[0].startedAt;
  return { id, kind, what, at: call.place, stack, requestId, ageMs };
}

function stackOf(innermost) {
  const lines = [];
  for (let call = innermost; call.parent && lines.length < MOST_STACK_LINES; call = call.parent) {
    lines.push(`${call.name || '<anonymous>'} (${call.place})`);
  }
  return lines.join('\n');
}

const isPending = (promise) => promise !== undefined && stateOf(promise).startsWith('<pending>');

const stateOf = (promise) => inspect(promise, { depth: 0 }).slice('Promise {'.length).trimStart();

function rejectionOf(promises) {
  for (const promise of promises) {
    const [, reason] = /^<rejected> ?(.*)/.exec(stateOf(promise)) ?? [];
    if (reason !== undefined) return reason || 'rejected';
  }
}

// ---- the emulator -----------------------------------------------------------------------------

/** Not in the job that has looked at the promises, which keeps them. The lists follow a moment after it. */
function collectGarbage(then) {
  globalThis.gc?.();
  setImmediate(then);
}

/**
 * @param address `@` stands for the NUL of an abstract socket, which a variable cannot hold
 * @param project folder that paths of source files are relative to
 */
exports.start = (address, project) => {
  projectFolder = project;
  const socket = connect(address.replace(/^@/, '\0'));
  socket.unref();
  socket.on('error', () => {}); // The emulator has ended.
  socket.on('data', (data) => {
    // Each byte is a question.
    const answer = () => {
      for (const question of data.toString()) {
        socket.write(`${JSON.stringify(question === 'f' ? snapshot() : look())}\n`);
      }
    };
    setImmediate(forgetSettled() ? () => collectGarbage(answer) : answer);
  });
  // Reports what has ended since the last freeze, because the emulator cannot ask any more. A short line is written synchronously.
  process.on('exit', () => {
    forgetSettled();
    if (reported.size > 0) socket.write(`${JSON.stringify({ ...snapshot(), isLast: true })}\n`);
  });
  hook.enable();
};
