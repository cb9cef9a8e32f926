import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a program of `remote/` is told to do next. */
export type Order = { readonly do?: string; readonly [detail: string]: unknown };

/** A program has come to a point where it asks what to do, and waits. */
export interface Question {
  readonly who: string;
  readonly facts: Readonly<Record<string, unknown>>;
  answer(order?: Order): void;
}

type Answers = Readonly<Record<string, (facts: Question['facts']) => Order>>;

/** Longer than anything takes on a busy machine. */
const PATIENCE_MS = 60_000;

/**
 * Directs the function, the handler's module and its jobs in an environment (`remote/`): each asks over
 * loopback what to do, and waits for the answer. So a fault hits a job exactly where it is to.
 */
export async function openStage() {
  /** Not answered yet; those that somebody has taken wait for them, or for a rule. */
  const open = new Set<Question>();
  const taken = new WeakSet<Question>();
  const all: Question[] = [];
  let standing: Answers = {};
  let onQuestion: (() => void)[] = [];

  const server = createServer(async (request, response) => {
    const question = await readQuestion(request, response);
    all.push(question);
    open.add(question);
    response.once('close', () => open.delete(question));
    answerByRule(question);
    for (const look of onQuestion.splice(0)) look();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  function answerByRule(question: Question): void {
    const answer = standing[question.who];
    if (answer) question.answer(answer(question.facts));
  }

  return {
    /** For the environment of the function. */
    variables: { STAGE: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },

    /** Everything that was asked, in order. */
    questions: all as readonly Question[],

    /** Waits until somebody asks; the question is then the caller's to answer. */
    async asked(who: string, facts: Readonly<Record<string, unknown>> = {}): Promise<Question> {
      const deadline = Date.now() + PATIENCE_MS;
      while (Date.now() < deadline) {
        const question = [...open].find(
          (candidate) =>
            !taken.has(candidate) &&
            candidate.who === who &&
            Object.entries(facts).every(([name, value]) => candidate.facts[name] === value),
        );
        if (question) {
          taken.add(question);
          return question;
        }
        await new Promise<void>((resolve) => {
          onQuestion.push(resolve);
          setTimeout(resolve, deadline - Date.now()).unref();
        });
      }
      throw new Error(`Nobody asked as ${who} ${JSON.stringify(facts)}`);
    },

    /** Answers by rule from now on, also all that is open. */
    answerAll(answers: Answers): void {
      standing = { ...standing, ...answers };
      for (const question of open) answerByRule(question);
    },

    close(): void {
      onQuestion = [];
      server.closeAllConnections();
      server.close();
    },
  };
}

export type Stage = Awaited<ReturnType<typeof openStage>>;

async function readQuestion(request: IncomingMessage, response: ServerResponse): Promise<Question> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return {
    who: request.url?.slice(1) ?? '',
    facts: JSON.parse(Buffer.concat(chunks).toString()),
    answer(order = {}) {
      if (!response.writableEnded) response.end(JSON.stringify(order));
    },
  };
}
