/** Thrown by `startLambda()` when its options cannot be those of a Lambda function. */
export class OptionInvalidError extends Error {
  override readonly name = 'OptionInvalidError';
  readonly code = 'ASYNC_HTTP_EMULATOR_OPTION_INVALID';
  /** One sentence for each option that is wrong. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The function cannot be started, its options are not valid:\n- ${problems.join('\n- ')}\n` +
        'Nothing was started. Correct the options of startLambda().',
    );
    this.problems = problems;
  }
}

/** Thrown by `startLambda()` when the folder that becomes `/var/task` is not there. */
export class CodeMissingError extends Error {
  override readonly name = 'CodeMissingError';
  readonly code = 'ASYNC_HTTP_EMULATOR_CODE_MISSING';
  readonly path: string;

  constructor(path: string) {
    super(
      `There is no folder ${path}, so the function has no code and was not started. ` +
        'Set `code` to the folder that contains the handler (build it first, if it is built).',
    );
    this.path = path;
  }
}

/** Thrown by `startLambda()` when the zip file with the code cannot be read. */
export class CodeUnusableError extends Error {
  override readonly name = 'CodeUnusableError';
  readonly code = 'ASYNC_HTTP_EMULATOR_CODE_UNUSABLE';
  readonly path: string;

  constructor(path: string, cause: unknown) {
    super(
      `${path} cannot be read as a zip file, so the function has no code and was not started. ` +
        'Package the function again.',
      { cause },
    );
    this.path = path;
  }
}

/** Thrown by `startLambda()` when a layer is neither a folder nor a zip file that can be read. */
export class LayerUnusableError extends Error {
  override readonly name = 'LayerUnusableError';
  readonly code = 'ASYNC_HTTP_EMULATOR_LAYER_UNUSABLE';
  readonly path: string;

  constructor({ path, reason, cause }: { path: string; reason: string; cause?: unknown }) {
    super(
      `The layer ${path} ${reason}, so the function was not started. ` +
        'A layer is a folder or a zip file whose content becomes /opt; build it first, or correct `layers`.',
      { cause },
    );
    this.path = path;
  }
}

/** Thrown by `startLambda()` when the Node.js program named by `nodePath` cannot be run. */
export class NodeUnusableError extends Error {
  override readonly name = 'NodeUnusableError';
  readonly code = 'ASYNC_HTTP_EMULATOR_NODE_UNUSABLE';
  readonly path: string;

  constructor({ path, reason, cause }: { path: string; reason: string; cause?: unknown }) {
    super(
      `The Node.js program ${path} ${reason}, so the function was not started. ` +
        'Set `nodePath` to a Node.js program (22.15 or newer), or leave it out.',
      { cause },
    );
    this.path = path;
  }
}

/** Thrown when an environment with its own file system cannot be made and `isolation: 'namespace'` insists on it. */
export class NamespaceRefusedError extends Error {
  override readonly name = 'NamespaceRefusedError';
  readonly code = 'ASYNC_HTTP_EMULATOR_NAMESPACE_REFUSED';
  readonly reason: string;

  constructor(reason: string) {
    super(
      `This machine does not let the emulator give an environment its own /opt, /var/task and /tmp: ${reason}. ` +
        'Run it on Linux as root or where unprivileged user namespaces are allowed, ' +
        "or leave `isolation` out: the emulator then uses 'hook', with the limits that its README names.",
    );
    this.reason = reason;
  }
}

/** Thrown by `startLambda()` when `cpuCores` is set and the machine does not let us limit CPU. */
export class CpuLimitRefusedError extends Error {
  override readonly name = 'CpuLimitRefusedError';
  readonly code = 'ASYNC_HTTP_EMULATOR_CPU_LIMIT_REFUSED';
  readonly reason: string;

  constructor(reason: string) {
    super(
      `This machine does not let the emulator limit the CPU of a function: ${reason}. ` +
        'The function was not started. Run it on Linux as root, where control groups (cgroup v1 or v2) ' +
        'with the CPU controller can be made, or leave `cpuCores` (`--cpu`) out.',
    );
    this.reason = reason;
  }
}

/** Rejects `invoke()` when the event is not JSON. */
export class EventInvalidError extends Error {
  override readonly name = 'EventInvalidError';
  readonly code = 'ASYNC_HTTP_EMULATOR_EVENT_INVALID';

  constructor(cause: unknown) {
    super(
      'The event cannot be written as JSON, so the function was not invoked. ' +
        'Pass what a caller could send: plain data without cycles or BigInt.',
      { cause },
    );
  }
}

/** Rejects `unfinished()` of a function that was started without `trackUnfinished`. */
export class NotTrackedError extends Error {
  override readonly name = 'NotTrackedError';
  readonly code = 'ASYNC_HTTP_EMULATOR_NOT_TRACKED';

  constructor(functionName: string) {
    super(
      `Nothing is known about unfinished work of the function ${functionName}. ` +
        'Start it with startLambda({ …, trackUnfinished: true }).',
    );
  }
}

/** Rejects what is asked of a function after, or cut off by, its `close()`. */
export class ClosedError extends Error {
  override readonly name = 'ClosedError';
  readonly code = 'ASYNC_HTTP_EMULATOR_CLOSED';

  constructor(functionName: string) {
    super(
      `The function ${functionName} is closed, so there is no answer. ` +
        'Await the invokes you need before close(), and start the function again for more.',
    );
  }
}

/** Thrown when the Node.js that runs this program is too old for it. */
export class NodeTooOldError extends Error {
  override readonly name = 'NodeTooOldError';
  readonly code = 'ASYNC_HTTP_EMULATOR_NODE_TOO_OLD';

  constructor({ version, needed }: { version: string; needed: string }) {
    super(
      `This is Node.js ${version}, but the emulator needs ${needed} or newer, so nothing was started. ` +
        'Install a newer Node.js; the functions may still use nodejs22.x.',
    );
  }
}

/** Rejects what is asked of a function that could not be started, while the others of its project run. */
export class FunctionUnusableError extends Error {
  override readonly name = 'FunctionUnusableError';
  readonly code = 'ASYNC_HTTP_EMULATOR_FUNCTION_UNUSABLE';

  constructor(functionName: string, cause: Error) {
    super(`The function ${functionName} cannot run. ${cause.message}`, { cause });
  }
}

/** Thrown by `startLocalAws()` when a queue, topic, bucket or table that the options name cannot be there. */
export class LocalAwsRefusedError extends Error {
  override readonly name = 'LocalAwsRefusedError';
  readonly code = 'ASYNC_HTTP_EMULATOR_LOCAL_AWS_REFUSED';
  /** One sentence for each of them. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The local services cannot have what the options name:\n- ${problems.join('\n- ')}\n` +
        'Nothing was started. Correct these ARNs, URLs and tables.',
    );
    this.problems = problems;
  }
}

/** Thrown where DynamoDB is asked for, and the package that stands in for it is not installed. */
export class DynaliteMissingError extends Error {
  override readonly name = 'DynaliteMissingError';
  readonly code = 'ASYNC_HTTP_EMULATOR_DYNALITE_MISSING';
  /** Where it was looked for, and in the folders above. */
  readonly folder: string;

  constructor(folder: string) {
    super(
      `DynamoDB is answered here by dynalite, which is not installed in ${folder}: npm i -D dynalite`,
    );
    this.folder = folder;
  }
}

/** Rejects what is asked of an environment that is not there, or no longer. */
export class EnvironmentUnknownError extends Error {
  override readonly name = 'EnvironmentUnknownError';
  readonly code = 'ASYNC_HTTP_EMULATOR_ENVIRONMENT_UNKNOWN';

  constructor(id: string, functionName: string) {
    super(
      `The function ${functionName} has no environment ${id}, or it is gone, so nothing was done. ` +
        'The next request starts a new one if none is free.',
    );
  }
}

/** Rejects what cannot be done to an environment as it is at the moment. */
export class ActionImpossibleError extends Error {
  override readonly name = 'ActionImpossibleError';
  readonly code = 'ASYNC_HTTP_EMULATOR_ACTION_IMPOSSIBLE';

  /** @param reason with what to do instead */
  constructor(reason: string) {
    super(`Nothing was done: ${reason}`);
  }
}
