/**
 * What a client process rings: lines of at most 4,096 bytes. A FIFO takes each of them whole and in order, so a
 * job, a lease and the end of a request cannot overtake each other. Empty lines between them mean nothing.
 *
 * @see pipe(7), PIPE_BUF
 */
export type Ring =
  /** An instance of the client (a thread of a process) has loaded. */
  | { readonly type: 'announce'; readonly instance: string; readonly seesEnds: boolean }
  /** A record is in a log. `fd` is the client's own descriptor of it, for when the file has been deleted. */
  | {
      readonly type: 'job';
      readonly log: number;
      readonly offset: number;
      /** Length of the whole record. */
      readonly bytes: number;
      readonly instance: string;
      readonly fd: number;
      readonly jobId: string;
    }
  /** The instance begins or ends to need the environment for promises that it runs itself. */
  | { readonly type: 'lease'; readonly instance: string; readonly isOpen: boolean }
  /** The function is done with this run of the request. */
  | { readonly type: 'end'; readonly requestId: string }
  /** A hand-off was refused because the handler cannot be loaded: try again. */
  | { readonly type: 'reload' };

/** Changes when an older peer could misread a record or a line. It stands in every announcement. */
export const PROTOCOL_VERSION = 2;

/** Printable ASCII without spaces, and short enough for a line: request ids and the job ids made of them. */
const WORD = /^[\x21-\x7e]{1,512}$/;
const ANNOUNCE = /^A \d+ (\d{1,10}\.\d{1,10}) (sees-ends|-)$/;
const JOB =
  /^J (\d{1,15}) (\d{1,15}) (\d{1,15}) (\d{1,10}\.\d{1,10}) (\d{1,15}) ([\x21-\x7e]{1,512})$/;
const LEASE = /^L (\d{1,10}\.\d{1,10}) ([01])$/;
const END = /^E ([\x21-\x7e]{1,512})$/;

/** The process id in the name of an instance, `<pid>.<thread>`. */
export function pidOf(instance: string): number {
  return Number.parseInt(instance, 10);
}

/** Whether the value can stand in a line. */
export function isWord(value: unknown): value is string {
  return typeof value === 'string' && WORD.test(value);
}

export function formatRing(ring: Ring): string {
  switch (ring.type) {
    case 'announce':
      return `A ${PROTOCOL_VERSION} ${ring.instance} ${ring.seesEnds ? 'sees-ends' : '-'}\n`;
    case 'job':
      return `J ${ring.log} ${ring.offset} ${ring.bytes} ${ring.instance} ${ring.fd} ${ring.jobId}\n`;
    case 'lease':
      return `L ${ring.instance} ${ring.isOpen ? 1 : 0}\n`;
    case 'end':
      return `E ${ring.requestId}\n`;
    case 'reload':
      return 'R\n';
    default:
      return ring satisfies never;
  }
}

/** @returns undefined for a line that no client of this version rings */
export function parseRing(line: string): Ring | undefined {
  const ring = readRing(line);
  return ring && formatRing(ring) === `${line}\n` ? ring : undefined;
}

function readRing(line: string): Ring | undefined {
  const [, ...fields] =
    ANNOUNCE.exec(line) ?? JOB.exec(line) ?? LEASE.exec(line) ?? END.exec(line) ?? [];
  const [first = '', second = '', third, instance = '', fd, jobId = ''] = fields;
  switch (line[0]) {
    case 'A':
      return { type: 'announce', instance: first, seesEnds: second !== '-' };
    case 'J': {
      const [log, offset, bytes] = [Number(first), Number(second), Number(third)];
      return { type: 'job', log, offset, bytes, instance, fd: Number(fd), jobId };
    }
    case 'L':
      return { type: 'lease', instance: first, isOpen: second === '1' };
    case 'E':
      return { type: 'end', requestId: first };
    case 'R':
      return { type: 'reload' };
    default:
      return undefined;
  }
}
