import { isFrozenInWork, isManaged } from './environments.ts';
import { clock, count, dollars, seconds } from './format.ts';
import {
  hasFailed,
  isCold,
  repliedAt,
  replyMs,
  rowEnvironment,
  rowState,
  rowStatus,
  startedAt,
  tailMs,
} from './request-times.ts';
import { tailCostPerMillion } from './tail-cost.ts';
import type { Delivery, Environment, Row, View } from './view.ts';
import { environmentState, NEVER_FROZEN, whyAwake } from './why-awake.ts';

/** One of the three things to know about a request at first sight. */
export interface Answer {
  readonly title: string;
  readonly figure: string;
  readonly text: string;
  readonly tone: 'reply' | 'tail' | 'frozen' | 'awake' | 'bad' | 'gone';
  /** It still counts up. */
  readonly isMoving?: boolean;
}

/** When the caller had the reply, what ran after it, and whether the environment is frozen, and why. */
export function verdict(view: View, row: Row, now: number): readonly [Answer, Answer, Answer] {
  return [reply(row, now), tail(view, row, now), environment(view, row, now)];
}

const CALLER = ['The caller waits', 'The caller had the reply after'] as const;
const QUEUE = ['The queue waits', 'The queue had the result after'] as const;

function reply(row: Row, now: number): Answer {
  const { exchange, delivery, run } = row;
  const isMoving = repliedAt(row) === undefined && rowState(row) !== 'done';
  const status = rowStatus(row) ?? (isMoving ? undefined : 'OK');
  const result = status === undefined ? 'no reply yet' : `with ${status}`;
  const [waits, had] = delivery ? QUEUE : CALLER;
  const init = run?.init?.to === undefined ? undefined : run.init.to - run.init.from;
  const waited = run && (exchange || delivery) && !init ? run.startedAt - startedAt(row) : 0;
  const details = [
    delivery ? batch(delivery) : result,
    isCold(row) && `${seconds(init ?? 0)} of it cold start`,
    waited > 20 && `${seconds(waited)} of it waiting for an environment`,
  ];
  return {
    title: isMoving ? waits : had,
    figure: seconds(replyMs(row, now)),
    text: exchange?.problem ?? delivery?.problem ?? details.filter(Boolean).join(', '),
    tone: hasFailed(row) ? 'bad' : 'reply',
    isMoving,
  };
}

/** Such as `3 messages, at most 10; 1 failed`. */
function batch({ messages, batchSize, failed = 0 }: Delivery): string {
  const size = `${count(messages, 'message')}, at most ${batchSize.toLocaleString('en-US')}`;
  return failed === 0 ? size : `${size}; ${failed} failed`;
}

function tail(view: View, row: Row, now: number): Answer {
  const ms = tailMs(row, now);
  const title = 'What ran after it';
  if (ms === undefined) {
    const text =
      rowState(row) === 'done'
        ? 'the function sent no response'
        : 'the tail begins with the response';
    return { title, figure: '–', text, tone: 'gone' };
  }
  const { run } = row;
  const memory = run?.report?.memoryMb ?? view.functions.get(run?.functionName ?? '')?.memoryMiB;
  const jobs = run?.jobs ?? [];
  const failed = jobs.filter(({ state }) => state === 'failed').length;
  const details = [
    jobs.length > 0 && count(jobs.length, 'job'),
    failed > 0 && `${failed} failed`,
    memory !== undefined &&
      !isManaged(view, run?.functionName) &&
      `${dollars(tailCostPerMillion(ms, memory))} per million at ${memory} MB`,
  ];
  return {
    title,
    figure: seconds(ms),
    text:
      details.filter(Boolean).join(', ') ||
      (isManaged(view, run?.functionName)
        ? 'on Managed Instances, no request is billed'
        : 'billed, and not seen by the caller'),
    tone: failed > 0 ? 'bad' : 'tail',
    isMoving: rowState(row) === 'tail',
  };
}

function environment(view: View, row: Row, now: number): Answer {
  const owner = rowEnvironment(view, row);
  if (!owner) {
    const isWaiting =
      rowState(row) === 'waiting' && (row.exchange ?? row.delivery)?.functionName !== undefined;
    return {
      title: 'Environment',
      figure: isWaiting ? 'Waiting' : 'None',
      text: isWaiting ? 'every environment is busy' : 'no function has run',
      tone: 'gone',
    };
  }
  const { run } = row;
  if (run?.endedAt === undefined || isManaged(view, owner.functionName))
    return ofNow(view, owner, now);
  const next = owner.phases.find(({ kind, from }) => from >= (run.endedAt ?? 0) && kind !== 'idle');
  const isLast = next === undefined || owner.phases.indexOf(next) === owner.phases.length - 1;
  if (isLast) return ofNow(view, owner, now);
  const title = 'The environment then';
  const after = next.from - run.endedAt;
  if (next.kind === 'frozen') {
    return {
      title,
      figure: 'Froze',
      text: `after ${seconds(after)}, for ${seconds((next.to ?? now) - next.from)}: ${everyone(owner)} had asked for the next event`,
      tone: 'frozen',
    };
  }
  if (next.kind === 'shutdown') {
    return { title, figure: 'Shut down', text: `reason: ${next.reason ?? 'unknown'}`, tone: 'bad' };
  }
  return {
    title,
    figure: 'Stayed awake',
    text: 'the next request followed at once',
    tone: 'awake',
  };
}

function ofNow(view: View, owner: Environment, now: number): Answer {
  const title = 'The environment is';
  const phase = owner.phases.at(-1);
  switch (environmentState(owner)) {
    case 'frozen': {
      const from = phase?.from ?? now;
      const reason = isFrozenInWork(owner)
        ? 'by hand, in the middle of its work'
        : `${everyone(owner)} have asked for the next event`;
      const text = `since ${clock(from)}: ${reason}`;
      return { title, figure: 'Frozen', text, tone: 'frozen' };
    }
    case 'gone':
      return {
        title,
        figure: 'Gone',
        text: `shut down, reason: ${phase?.reason ?? 'unknown'}`,
        tone: 'gone',
      };
    case 'ending':
      return {
        title,
        figure: 'Shutting down',
        text: `reason: ${phase?.reason ?? 'unknown'}`,
        tone: 'bad',
        isMoving: true,
      };
    case 'starting':
      return { title, figure: 'Starting', text: why(view, owner), tone: 'awake', isMoving: true };
    default:
      return { title, figure: 'Awake', text: why(view, owner), tone: 'awake', isMoving: true };
  }
}

function why(view: View, owner: Environment): string {
  if (isManaged(view, owner.functionName) && environmentState(owner) === 'awake') {
    const { size } = owner.running;
    return size === 0 ? NEVER_FROZEN : `${NEVER_FROZEN}; ${count(size, 'request')} in work`;
  }
  const [first, ...more] = whyAwake(view, owner).map(({ text }) => text);
  return more.length === 0 ? `${first}` : `${first}; ${count(more.length, 'more reason')}`;
}

function everyone({ extensions }: Environment): string {
  if (extensions.size === 0) return 'the function and no extension';
  return `the function and ${count(extensions.size, 'extension')}`;
}
