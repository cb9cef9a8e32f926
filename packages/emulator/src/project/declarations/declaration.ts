import type { Place } from '../errors.ts';

/** What a project file says about its functions, without the defaults of a local run, and also about those that cannot run here. */
export interface Declarations {
  readonly tool: 'serverless' | 'sam' | 'cdk';
  readonly functions: readonly FunctionDeclaration[];
  /** Names by which functions can refer to layers of the file. */
  readonly layerNames: readonly string[];
  /** Something that is not read here (a plugin) may add resources. */
  readonly isOpen: boolean;
}

/** A setting in the project file; `unknown` when only the deployment knows its value. */
export type Setting<T> = T | 'unknown' | undefined;

export interface FunctionDeclaration {
  readonly name: string;
  readonly place: Place;
  readonly isImage: boolean;
  readonly handler: string | undefined;
  readonly runtime: Setting<string>;
  readonly timeoutSeconds: Setting<number>;
  readonly memoryMiB: Setting<number>;
  /** Folder or zip file that becomes `/var/task`, absolute; undefined when it is not on this machine. */
  readonly code: string | undefined;
  readonly build: BuildDeclaration;
  readonly layers: readonly LayerDeclaration[];
  readonly environment: Readonly<Record<string, VariableDeclaration>>;
  readonly permissions: Permissions;
  /** Queues whose messages invoke the function. */
  readonly queues: readonly QueueDeclaration[];
}

/** What the tool makes of the code before it deploys it. */
export interface BuildDeclaration {
  /** Which files are bundled; the others are not deployed, unless it is `nothing`. */
  readonly bundles: 'nothing' | 'typescript' | 'everything' | 'unknown';
  /** Files that the tool builds beside the handler's, relative to the code. */
  readonly entryPoints: readonly string[];
  /** The file names what else is deployed. */
  readonly addsFiles: boolean;
}

export interface LayerDeclaration {
  /** As Lambda or the file calls it: a logical id, an ARN, a path. */
  readonly reference: string;
  readonly place: Place;
  readonly kind: 'here' | 'in-aws' | 'undeclared';
  /** Zip file or folder, absolute, if it is one of this machine; it may be missing. */
  readonly path?: string;
}

export interface VariableDeclaration {
  /** Undefined when only the deployment knows it. */
  readonly value: string | undefined;
  /** Resources that the value refers to, and the file does not declare. */
  readonly undeclared: readonly string[];
}

export interface PolicyStatement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** What the function's role allows. */
export interface Permissions {
  readonly allowed: readonly PolicyStatement[];
  /** False when the role, or a part of it, is not in the project. */
  readonly isComplete: boolean;
}

export interface QueueDeclaration {
  readonly queueArn: string;
  readonly reportsFailures: boolean;
}
