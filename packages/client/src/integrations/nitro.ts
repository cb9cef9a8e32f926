import { waitUntil } from '@async-http/client';

interface NitroApp {
  hooks: { hook(name: 'request', listener: (event: never) => void): unknown };
}

interface Event {
  /** h3 1 (Nitro 2): where `event.waitUntil` passes its promises on to. */
  readonly context?: { waitUntil?: unknown };
  /** h3 2 (Nitro 3) */
  readonly req?: { waitUntil?: unknown };
}

/**
 * A plugin for Nitro on Lambda, which makes `event.waitUntil` work:
 * `export default defineNitroPlugin(provideWaitUntil)` in `plugins/wait-until.ts`.
 */
export function provideWaitUntil(nitroApp: NitroApp): void {
  nitroApp.hooks.hook('request', ({ context, req }: Event) => {
    if (context) context.waitUntil ??= waitUntil;
    if (req && typeof req.waitUntil !== 'function') {
      Object.defineProperty(req, 'waitUntil', { configurable: true, value: waitUntil });
    }
  });
}
