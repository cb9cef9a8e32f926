import type { Environment } from './client.ts';

/** Enough for any address; the head of a record has a limit. */
const LONGEST = 100;

/** Who may get an X-Ray segment of each attempt. Lambda names the daemon to the function only, not to extensions. */
export function xRayDaemon({ AWS_XRAY_DAEMON_ADDRESS: address }: Environment): {
  xRayDaemon?: string | undefined;
} {
  return { xRayDaemon: address?.slice(0, LONGEST) };
}
