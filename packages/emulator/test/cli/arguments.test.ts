import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../src/cli/arguments.ts';

const parse = (line: string) => parseArguments(line.split(' ').filter(Boolean));

describe('the command line', () => {
  it('has defaults for dev', () => {
    expect(parse('dev')).toEqual({
      command: 'dev',
      file: undefined,
      port: 3000,
      host: '127.0.0.1',
      stage: undefined,
      context: {},
      request: false,
      watch: false,
      timelinePort: 0,
      aws: false,
      json: false,
      verbose: false,
      explain: false,
    });
  });

  it('takes every option of dev', () => {
    expect(
      parse(
        'dev app/serverless.yml --port 0 --host ::1 --stage prod --request --watch --aws --json --verbose --explain --cpu 0.5 --timeline-port 4000 --record run.html --app app.js --context stage=prod -c a=b=c',
      ),
    ).toEqual({
      command: 'dev',
      file: 'app/serverless.yml',
      port: 0,
      host: '::1',
      stage: 'prod',
      app: 'app.js',
      context: { stage: 'prod', a: 'b=c' },
      request: true,
      watch: true,
      timelinePort: 4000,
      record: { path: 'run.html', format: 'html' },
      aws: true,
      json: true,
      verbose: true,
      explain: true,
      cpu: 0.5,
    });
  });

  it('has no page with --no-timeline', () => {
    expect(parse('dev --no-timeline')).toMatchObject({ timelinePort: undefined });
  });

  it('takes every option of invoke', () => {
    expect(
      parse(
        'invoke order --event e.json --project p.yml --stage prod --aws --app cdk.out --json --cpu as-lambda',
      ),
    ).toEqual({
      command: 'invoke',
      aws: true,
      functionName: 'order',
      event: 'e.json',
      file: 'p.yml',
      stage: 'prod',
      app: 'cdk.out',
      context: {},
      json: true,
      verbose: false,
      explain: false,
      cpu: 'as-lambda',
    });
  });

  it.each(['', 'help', '--help', 'dev --help', 'invoke -h'])('"%s" asks for help', (line) => {
    expect(parse(line)).toEqual({ command: 'help' });
  });

  it.each(['--version', '-v'])('%s asks for the version', (line) => {
    expect(parse(line)).toEqual({ command: 'version' });
  });

  it.each([
    'start',
    'dev --timeline-port x',
    'dev --record run.txt',
    '--port 1',
    'dev --prot 1',
    'dev a b',
    'dev --port x',
    'dev --port 70000',
    'dev --port',
    'dev --watch=yes',
    'dev --cpu 0',
    'invoke',
    'invoke a b',
    'invoke a --port 1',
  ])('"%s" is refused', (line) => {
    expect(() => parse(line)).toThrow(
      expect.objectContaining({ code: 'ASYNC_HTTP_EMULATOR_USAGE' }),
    );
  });

  it('says what is wrong with it', () => {
    const messageOf = (line: string) => {
      try {
        parse(line);
      } catch (error) {
        return (error as Error).message;
      }
      return undefined;
    };
    expect(
      ['start', 'dev --prot 1', 'dev --port x', 'dev --port', 'invoke'].map(messageOf),
    ).toMatchInlineSnapshot(`
      [
        "There is no command start; there are dev and invoke. See: async-http-emulator --help",
        "Unknown option '--prot'. See: async-http-emulator --help",
        "--port x is not a port; use a number from 0 to 65535. See: async-http-emulator --help",
        "Option '--port <value>' argument missing. See: async-http-emulator --help",
        "invoke needs the name of a function. See: async-http-emulator --help",
      ]
    `);
  });
});
