import { isWord, type JobFacts } from '../protocol/index.ts';

/** What a record has for X-Ray. Both values are bounded, so that neither keeps a job from being read. */
export function xRayFacts(
  traceId: unknown,
  { AWS_XRAY_DAEMON_ADDRESS: daemon }: Readonly<Record<string, string | undefined>>,
): Pick<JobFacts, 'traceId' | 'xRayDaemon'> {
  return { ...(isWord(traceId) && { traceId }), xRayDaemon: daemon?.slice(0, 100) };
}
