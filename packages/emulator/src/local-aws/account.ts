import { ACCOUNT_ID } from '../project/pseudo-parameters.ts';

// fauxqs knows one account and one partition, and they cannot be set.
export const FAUXQS_ACCOUNT = '000000000000';

/** The ARN that fauxqs has for a queue or topic of any account. */
export const toFauxqsArn = (arn: string): string =>
  arn.replace(/^arn:[\w-]+:(sqs|sns):([\w-]*):\d{12}:/, `arn:aws:$1:$2:${FAUXQS_ACCOUNT}:`);

/** What fauxqs says of ARNs, in the account of the emulator. */
export const fromFauxqs = (text: string): string =>
  text.replaceAll(`:${FAUXQS_ACCOUNT}:`, `:${ACCOUNT_ID}:`);

/** The redrive policy of a queue, for fauxqs. */
export function toFauxqsAttributes(
  attributes: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  const { RedrivePolicy, ...others } = attributes ?? {};
  if (!RedrivePolicy) return { ...others, ...(RedrivePolicy === '' && { RedrivePolicy }) };
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(RedrivePolicy);
  return {
    ...others,
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: toFauxqsArn(String(deadLetterTargetArn)),
      maxReceiveCount: Number(maxReceiveCount),
    }),
  };
}
