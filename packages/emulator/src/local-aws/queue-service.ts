import type { HttpAnswer } from '../http/http-answer.ts';
import { ACCOUNT_ID } from '../project/pseudo-parameters.ts';
import { isRecord } from '../project/record.ts';
import { fromFauxqs, toFauxqsArn, toFauxqsAttributes } from './account.ts';
import { awsFailure } from './aws-failure.ts';
import { type Forwarded, forward } from './forward.ts';

/** SQS and SNS of fauxqs, in the account and at the address of the emulator. */
export interface QueueService {
  readonly fauxqs: string;
  /** Where queues are for functions: `http://127.0.0.1:PORT`. */
  readonly url: string;
}

/** A call of SQS, in its JSON protocol. */
export async function callSqs(
  request: Forwarded,
  { fauxqs, url }: QueueService,
): Promise<HttpAnswer> {
  let input: unknown;
  try {
    input = JSON.parse(request.body.toString() || '{}');
  } catch (error) {
    return awsFailure(400, 'SerializationException', (error as Error).message);
  }
  const body = isRecord(input) ? translateInput(input) : {};
  const answer = await forward(fauxqs, { ...unsigned(request), body: toJson(body) });
  const output = parse(answer.body);
  return isRecord(output) ? { ...answer, body: toJson(translateOutput(output, url)) } : answer;
}

/** A call of SNS, in its form protocol. Returns the answer, and the parameters. */
export async function callSns(
  request: Forwarded,
  { fauxqs }: QueueService,
): Promise<{ answer: HttpAnswer; parameters: URLSearchParams }> {
  const parameters = new URLSearchParams(request.body.toString());
  const translated = [...parameters].map(([name, value]): [string, string] =>
    name === 'Endpoint' || name.endsWith('Arn') ? [name, toFauxqsArn(value)] : [name, value],
  );
  const body = Buffer.from(new URLSearchParams(translated).toString());
  const answer = await forward(fauxqs, { ...unsigned(request), body });
  // It has ARNs, but no text of users.
  return {
    answer: { ...answer, body: Buffer.from(fromFauxqs(answer.body.toString())) },
    parameters,
  };
}

/** Without the Region that the signature names: queues are where the project has them. */
function unsigned({ headers: { authorization: _, ...headers }, ...request }: Forwarded): Forwarded {
  return { ...request, target: '/', headers };
}

function translateInput(input: Readonly<Record<string, unknown>>): object {
  const { Attributes: attributes } = input;
  if (!isRecord(attributes) || typeof attributes.RedrivePolicy !== 'string') return input;
  return { ...input, Attributes: toFauxqsAttributes(attributes as Record<string, string>) };
}

function translateOutput(output: Readonly<Record<string, unknown>>, url: string): object {
  const { QueueUrl, QueueUrls, Attributes } = output;
  const toUrl = (value: unknown) => `${url}/${ACCOUNT_ID}/${String(value).split('/').at(-1)}`;
  return {
    ...output,
    ...(QueueUrl !== undefined && { QueueUrl: toUrl(QueueUrl) }),
    ...(Array.isArray(QueueUrls) && { QueueUrls: QueueUrls.map(toUrl) }),
    ...(isRecord(Attributes) && {
      Attributes: Object.fromEntries(
        Object.entries(Attributes).map(([name, value]) => [name, fromFauxqs(String(value))]),
      ),
    }),
  };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

const toJson = (value: object): Buffer => Buffer.from(JSON.stringify(value));
