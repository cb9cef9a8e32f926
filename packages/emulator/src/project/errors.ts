import { RUNTIMES } from '../runtimes.ts';

/** Where in a project file something is; `line` is 1-based. */
export interface Place {
  readonly file: string;
  readonly line?: number | undefined;
}

const at = ({ file, line }: Place) => (line === undefined ? file : `${file}:${line}`);

/** Thrown when there is no project file to read. */
export class ProjectNotFoundError extends Error {
  override readonly name = 'ProjectNotFoundError';
  readonly code = 'ASYNC_HTTP_EMULATOR_PROJECT_NOT_FOUND';

  constructor(looked: { file: string } | { folder: string; names: readonly string[] }) {
    super(
      'file' in looked
        ? `There is no file ${looked.file}, so there are no functions to run. Check the path.`
        : `The folder ${looked.folder} has no ${looked.names.join(', ')}, so there are no functions to run. ` +
            'Name the project file, or start in its folder.',
    );
  }
}

/** Thrown when a project file, or a file it includes, is not YAML. */
export class ProjectSyntaxError extends Error {
  override readonly name = 'ProjectSyntaxError';
  readonly code = 'ASYNC_HTTP_EMULATOR_PROJECT_SYNTAX';
  readonly place: Place;

  constructor(place: Place, problem: string, options?: ErrorOptions) {
    super(`${at(place)} is not valid YAML: ${problem}. Correct this line.`, options);
    this.place = place;
  }
}

/** Thrown when a project file is a script that cannot be run. */
export class ProjectScriptError extends Error {
  override readonly name = 'ProjectScriptError';
  readonly code = 'ASYNC_HTTP_EMULATOR_PROJECT_SCRIPT';
  readonly file: string;

  constructor(file: string, problem: string) {
    super(`${file} cannot be run, so its functions are not known:\n${problem}`);
    this.file = file;
  }
}

/** Thrown when the app of the CDK does not write what is to run. */
export class SynthesisError extends Error {
  override readonly name = 'SynthesisError';
  readonly code = 'ASYNC_HTTP_EMULATOR_SYNTHESIS_FAILED';
  readonly folder: string;

  constructor(folder: string, { problem, output = '' }: { problem: string; output?: string }) {
    super(
      `The app in ${folder} cannot be synthesized, because ${problem}. ` +
        `Correct it, or run what it synthesized last, if it did: dev cdk.out${output && `:\n${output}`}`,
    );
    this.folder = folder;
  }
}

/** Thrown when a project file is YAML, but does not describe functions that could run. */
export class ProjectInvalidError extends Error {
  override readonly name = 'ProjectInvalidError';
  readonly code = 'ASYNC_HTTP_EMULATOR_PROJECT_INVALID';
  readonly place: Place;

  constructor(place: Place, problem: string) {
    super(`${at(place)}: ${problem}`);
    this.place = place;
  }
}

/** Thrown when no file matches a function's handler. */
export class HandlerNotFoundError extends Error {
  override readonly name = 'HandlerNotFoundError';
  readonly code = 'ASYNC_HTTP_EMULATOR_HANDLER_NOT_FOUND';
  readonly place: Place;
  readonly handler: string;

  constructor(
    place: Place,
    { functionName, handler, problem }: { functionName: string; handler: string; problem: string },
  ) {
    super(
      `${at(place)}: the handler "${handler}" of function ${functionName} cannot be loaded: ${problem}`,
    );
    this.place = place;
    this.handler = handler;
  }
}

/** Thrown when a layer names a zip or folder that is not there. */
export class LayerNotFoundError extends Error {
  override readonly name = 'LayerNotFoundError';
  readonly code = 'ASYNC_HTTP_EMULATOR_LAYER_NOT_FOUND';
  readonly place: Place;
  readonly path: string;

  constructor(place: Place, { layer, path }: { layer: string; path: string }) {
    super(
      `${at(place)}: the layer ${layer} is to be at ${path}, but nothing is there. ` +
        'Build the layer first, or correct the path.',
    );
    this.place = place;
    this.path = path;
  }
}

/** Why a function that is not emulated cannot run. */
export class FunctionUnsupportedError extends Error {
  override readonly name = 'FunctionUnsupportedError';
  readonly code = 'ASYNC_HTTP_EMULATOR_FUNCTION_UNSUPPORTED';
  readonly place: Place;

  constructor(place: Place, { functionName, problem }: { functionName: string; problem: string }) {
    super(`${at(place)}: the function ${functionName} ${problem}.`);
    this.place = place;
  }
}

/** Why a function with a runtime that is not emulated cannot run. */
export class RuntimeUnsupportedError extends Error {
  override readonly name = 'RuntimeUnsupportedError';
  readonly code = 'ASYNC_HTTP_EMULATOR_RUNTIME_UNSUPPORTED';
  readonly place: Place;
  readonly runtime: string;

  constructor(place: Place, { functionName, runtime }: { functionName: string; runtime: string }) {
    super(
      `${at(place)}: the runtime ${runtime} of function ${functionName} is not emulated. ` +
        `Use ${RUNTIMES.join(', ')}.`,
    );
    this.place = place;
    this.runtime = runtime;
  }
}
