import { Connections } from './connections.ts';

/** What all copies of this package in one process share. Add to it; never change what is there. */
interface ProcessState {
  /** Of hand-offs. */
  readonly connections: Connections;
  /** Of runs, once there has been one. */
  runConnections?: Connections;
  /** Tells this process from an earlier one in the same environment. */
  readonly processId: string;
  /** How many hand-offs this process has begun. */
  handOffs: number;
  /** The `Background` of this process, once `waitUntil` or `register` has been imported. */
  background?: unknown;
}

// ESM, CJS, the layer and npm bring a copy each; the extension should see one client.
const KEY = Symbol.for('@async-http/client.v1');

/**
 * One connection serves hand-offs that follow each other; more are opened while several are under way,
 * up to this many, because an answer can take as long as the background handler takes to load: then ten
 * hand-offs at once over a single connection would wait for each other (measured with answers that take
 * 10 ms: 104 ms, against 11 ms). More would cost file descriptors, of which Lambda gives 1,024.
 */
const MAX_CONNECTIONS = 16;

/**
 * A run occupies its connection for as long as its job takes, so runs have connections of their own. A
 * batch that is larger than this is run in turns. (A socket costs a file descriptor at either end.)
 */
const MAX_RUNS = 100;

/** Creates the state on first use, so that importing the package opens and costs nothing. */
export function processState(): ProcessState {
  const shared = globalThis as { [KEY]?: ProcessState };
  shared[KEY] ??= {
    connections: new Connections(MAX_CONNECTIONS),
    // Unique enough within one environment; node:crypto would take 3 ms to load.
    processId: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`,
    handOffs: 0,
  };
  return shared[KEY];
}

/** The connections on which consumers have jobs run. */
export function runConnections(): Connections {
  const state = processState();
  state.runConnections ??= new Connections(MAX_RUNS);
  return state.runConnections;
}

/** A key that no other hand-off in this environment has. */
export function nextIdempotencyKey(): string {
  const state = processState();
  state.handOffs += 1;
  return `${state.processId}.${state.handOffs}`;
}
