/**
 * What a client process rings: lines of at most 4,096 bytes. A FIFO takes each of them whole and in order, so a
 * job, a lease and the end of a request cannot overtake each other.
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
const WORD = '[\\x21-\\x7e]{1,512}';
const NUMBER = '\\d{1,15}';
const INSTANCE = '\\d{1,10}\\.\\d{1,10}';

/** The process id in the name of an instance, `<pid>.<thread>`. */
export function pidOf(instance: string): number {
  return Number.parseInt(instance, 10);
}

/** Whether the value can stand in a line. */
export function isWord(value: unknown): value is string {
  return typeof value === 'string' && new RegExp(`^${WORD}$`).test(value);
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

const ANNOUNCE = new RegExp(`^A ${PROTOCOL_VERSION} (${INSTANCE}) (sees-ends|-)$`);
const JOB = new RegExp(
  `^J (${NUMBER}) (${NUMBER}) (${NUMBER}) (${INSTANCE}) (${NUMBER}) (${WORD})$`,
);
const LEASE = new RegExp(`^L (${INSTANCE}) ([01])$`);
const END = new RegExp(`^E (${WORD})$`);

/** @returns undefined for a line that no client of this version rings */
export function parseRing(line: string): Ring | undefined {
  let found: RegExpExecArray | null;
  switch (line[0]) {
    case 'A':
      found = ANNOUNCE.exec(line);
      return (
        (found && { type: 'announce', instance: found[1] ?? '', seesEnds: found[2] !== '-' }) ??
        undefined
      );
    case 'J': {
      found = JOB.exec(line);
      if (!found) return undefined;
      const [, log, offset, bytes, instance = '', fd, jobId = ''] = found;
      return {
        type: 'job',
        log: Number(log),
        offset: Number(offset),
        bytes: Number(bytes),
        instance,
        fd: Number(fd),
        jobId,
      };
    }
    case 'L':
      found = LEASE.exec(line);
      return (
        (found && { type: 'lease', instance: found[1] ?? '', isOpen: found[2] === '1' }) ??
        undefined
      );
    case 'E':
      found = END.exec(line);
      return (found && { type: 'end', requestId: found[1] ?? '' }) ?? undefined;
    case 'R':
      return line === 'R' ? { type: 'reload' } : undefined;
    default:
      return undefined;
  }
}
