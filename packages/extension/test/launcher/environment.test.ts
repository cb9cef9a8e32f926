import { describe, expect, it } from 'vitest';
import { SHELLS, startLauncher } from '../support/launcher.ts';

const QUEUE = 'arn:aws:sqs:eu-west-1:123456789012:jobs';

const VALUES = {
  ASYNC_HANDLER: 'src/work.handler',
  QUOTES: `it's "quoted" and \`ticked\``,
  SPACES: '  two   spaces ',
  LINES: 'one\ntwo\n\n',
  UNICODE: 'größe 日本語 🧀',
  SHELL_WORDS: '$(exit) $HOME *',
  EMPTY: '',
};

describe.each(SHELLS)(
  "the function's variables reach Node.js unchanged, in $name,",
  ({ options }) => {
    async function environmentOf(env: Readonly<Record<string, string>>) {
      const launcher = await startLauncher({ ...options, env });
      await launcher.announced();
      launcher.api.invoke('r1');
      launcher.ring('J 1 0 400 1.0 17 r1.1', 'E r1');
      return (await launcher.tookOver()).env;
    }

    it('whatever is in them', async () => {
      expect(await environmentOf(VALUES)).toMatchObject(VALUES);
    });

    it('also under the names that the launcher uses itself', async () => {
      const own = {
        host: 'db',
        line: 'one\ntwo\n',
        event: '',
        node: 'n1',
        lease: '30',
        TMOUT: '60',
      };

      expect(await environmentOf(own)).toMatchObject(own);
    });

    it.each(['de_DE.UTF-8', ''])('with LC_ALL=%s', async (LC_ALL) => {
      expect((await environmentOf({ LC_ALL })).LC_ALL).toBe(LC_ALL);
    });

    it('also where it runs from the start', async () => {
      const env = { ...VALUES, LC_ALL: 'de_DE.UTF-8', ASYNC_HTTP_DELIVERY: QUEUE };
      const launcher = await startLauncher({ ...options, env });

      expect((await launcher.tookOver()).env).toMatchObject(env);
    });

    it('without LC_ALL and NODE_OPTIONS where the function has none', async () => {
      const env = await environmentOf({ LANG: 'en_US.UTF-8' });

      expect(env).not.toHaveProperty('LC_ALL');
      expect(env).not.toHaveProperty('NODE_OPTIONS');
      expect(env).not.toHaveProperty('_ASYNC_HTTP_NODE_OPTIONS');
      expect(env.LANG).toBe('en_US.UTF-8');
    });

    it('but for NODE_OPTIONS, which are kept word for word and not used', async () => {
      const options = '--require "/var/task/an agent.js"  --enable-source-maps';

      const env = await environmentOf({ NODE_OPTIONS: options });

      expect(env).not.toHaveProperty('NODE_OPTIONS');
      expect(env._ASYNC_HTTP_NODE_OPTIONS).toBe(options);
    });
  },
);
