import ts from 'typescript';

/** What a program has made, or a method that it has called on something it has made. */
export interface Recorded {
  /** `aws.lambda.Function`, `sst.aws.Queue.subscribe`. */
  readonly type: string;
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: what the program passes
  readonly args: readonly any[];
}

/**
 * Runs a program of Pulumi or SST with stand-ins for the tool: a resource is what it was made with, and its
 * attributes are texts such as `jobs.arn`.
 */
export async function recordProgram(fileName: string, text: string): Promise<Recorded[]> {
  const { outputText, diagnostics = [] } = ts.transpileModule(text, {
    fileName,
    reportDiagnostics: true,
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
  });
  const [problem] = diagnostics;
  if (problem) throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, '\n'));

  const recorded: Recorded[] = [];
  const aws = standIn('aws', recorded);
  const packages: Record<string, unknown> = {
    '@pulumi/aws': aws,
    '@pulumi/pulumi': PULUMI,
    'node:path': await import('node:path'),
  };
  let configured: Promise<unknown> | undefined;
  const globals = {
    exports: {},
    require: (name: string) => packages[name],
    aws,
    sst: standIn('sst', recorded),
    $app: { name: 'reports', stage: 'test' },
    $util: PULUMI,
    $config: (config: { run(): Promise<unknown> }) => {
      configured = config.run();
    },
  };
  // In a block, because a program may import what another one has as a global.
  new Function(...Object.keys(globals), `{${outputText}\n}`)(...Object.values(globals));
  await configured;
  return recorded;
}

class FileArchive {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }
}

class AssetArchive {
  readonly assets: Readonly<Record<string, FileArchive>>;

  constructor(assets: Readonly<Record<string, FileArchive>>) {
    this.assets = assets;
  }
}

const PULUMI = {
  asset: { FileArchive, AssetArchive },
  jsonStringify: JSON.stringify,
  interpolate: (strings: TemplateStringsArray, ...values: unknown[]) =>
    String.raw({ raw: strings }, ...values),
};

/** A namespace, a class and a function in one. */
function standIn(type: string, recorded: Recorded[]): unknown {
  return new Proxy(class {}, {
    get: (_, member) =>
      member === 'toJSON' ? undefined : standIn(`${type}.${String(member)}`, recorded),
    apply: () => type,
    construct: (_, [name, ...args]) => {
      recorded.push({ type, name, args });
      return resource(type, name, recorded);
    },
  });
}

const METHODS = new Set(['route', 'subscribe']);

function resource(type: string, name: string, recorded: Recorded[]): object {
  return new Proxy(
    {},
    {
      get: (_, member) => {
        if (METHODS.has(String(member))) {
          return (...args: unknown[]) => {
            recorded.push({ type: `${type}.${String(member)}`, name, args });
          };
        }
        return `${name}.${String(member)}`;
      },
    },
  );
}
