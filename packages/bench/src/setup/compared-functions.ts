import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Lambda, LambdaOptions } from '@async-http/emulator';
import type { Stand } from '../figure.ts';
import { startFunction } from './start-function.ts';

/** Functions with the same reply, for the rows of the table. */
export const COMPARED = {
  proxy: 'with the layer: /opt/proxy.handler, a no-op job',
  plain: 'no layer, a handler that only replies',
  minimal: 'no hand-off, an extension of one node:http request',
  server: 'an extension that serves HTTP and runs the no-op job itself',
};

export type Compared = keyof typeof COMPARED;

/** Starts some of them with this much CPU. */
export async function startCompared<Name extends Compared>(
  stand: Stand,
  names: readonly Name[],
  cpuCores?: number,
): Promise<Record<Name, Lambda>> {
  const ration = cpuCores === undefined ? {} : { cpuCores };
  const entries: [Name, Lambda][] = [];
  for (const name of names) {
    const options = await optionsOf(name, stand);
    entries.push([name, await startFunction(stand, { name, ...options, ...ration })]);
  }
  return Object.fromEntries(entries) as Record<Name, Lambda>;
}

type Options = Pick<LambdaOptions, 'handler'> & Partial<LambdaOptions>;

async function optionsOf(name: Compared, { layer }: Stand): Promise<Options> {
  const ASYNC_HANDLER = 'background.handler';
  switch (name) {
    case 'proxy':
      return {
        handler: '/opt/proxy.handler',
        layers: [layer.zip],
        environment: { ASYNC_HANDLER },
      };
    case 'plain':
      return { handler: 'plain.handler' };
    case 'minimal':
      return { handler: 'plain.handler', layers: [peerLayer('minimal-node')] };
    case 'server':
      return {
        handler: '/opt/peer.handler',
        layers: [peerLayer('http-server')],
        environment: { ASYNC_HANDLER, PEER_PORT: String(await freePort()) },
      };
    default:
      return name satisfies never;
  }
}

function peerLayer(name: string): string {
  return join(import.meta.dirname, '../peers', name);
}

/** Nobody else should take it until the extension does. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('There is no port.');
  return address.port;
}
