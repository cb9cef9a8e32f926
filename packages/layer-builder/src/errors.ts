/** Thrown when a file that belongs into the layer cannot be read. */
export class LayerInputMissingError extends Error {
  override readonly name = 'LayerInputMissingError';
  readonly code = 'ASYNC_HTTP_LAYER_INPUT_MISSING';
  readonly path: string;

  constructor({ path, cause }: { path: string; cause: unknown }) {
    super(
      `${path} cannot be read, so there is nothing to build the layer from. ` +
        "In the repository, run 'pnpm build' first; elsewhere, install @async-http/layer-builder again.",
      { cause },
    );
    this.path = path;
  }
}

/** Thrown when a file or folder has permissions that Lambda cannot work with. */
export class LayerModeError extends Error {
  override readonly name = 'LayerModeError';
  readonly code = 'ASYNC_HTTP_LAYER_MODE';
  readonly path: string;
  readonly mode: number;

  constructor({ path, mode, needed }: { path: string; mode: number; needed: number }) {
    super(
      `${path} has mode ${octal(mode)}. Lambda runs as another user than the one who built the layer: ` +
        `it could not read or execute the file. Give it ${octal(needed)}.`,
    );
    this.path = path;
    this.mode = mode;
  }
}

/** Thrown when the entry script does not name its interpreter in its first bytes. */
export class LayerShebangError extends Error {
  override readonly name = 'LayerShebangError';
  readonly code = 'ASYNC_HTTP_LAYER_SHEBANG';
  readonly path: string;

  constructor({ path, firstLine }: { path: string; firstLine: string }) {
    super(
      `${path} starts with ${JSON.stringify(firstLine)}. Lambda executes the file without a shell, ` +
        'so INIT would fail with Extension.LaunchError. Start it with "#!/bin/sh", without a byte order mark.',
    );
    this.path = path;
  }
}

/** Thrown when the entry script has Windows line ends. */
export class LayerCarriageReturnError extends Error {
  override readonly name = 'LayerCarriageReturnError';
  readonly code = 'ASYNC_HTTP_LAYER_CRLF';
  readonly path: string;

  constructor({ path }: { path: string }) {
    super(
      `${path} has carriage returns (CRLF line ends). Linux takes them for a part of the commands, ` +
        'so the extension would not start. Save it with LF line ends; in Git, check out with eol=lf.',
    );
    this.path = path;
  }
}

/** Thrown when something besides our entry script is in `extensions/`. */
export class LayerStrayExtensionError extends Error {
  override readonly name = 'LayerStrayExtensionError';
  readonly code = 'ASYNC_HTTP_LAYER_STRAY_EXTENSION';
  readonly path: string;

  constructor({ path }: { path: string }) {
    super(
      `${path} does not belong there. Lambda starts every file of extensions/ as an extension, ` +
        'so INIT would fail. Move it to async-http/.',
    );
    this.path = path;
  }
}

/** Thrown when the layer would bring its own AWS SDK to the function. */
export class LayerAwsSdkError extends Error {
  override readonly name = 'LayerAwsSdkError';
  readonly code = 'ASYNC_HTTP_LAYER_AWS_SDK';
  readonly path: string;

  constructor({ path }: { path: string }) {
    super(
      `${path} is a part of the AWS SDK. Under nodejs/ it would take the place of the runtime's own SDK ` +
        'in every function that uses the layer. Bundle what the extension needs into async-http/.',
    );
    this.path = path;
  }
}

/** Thrown when the layer cannot be written to the place that was asked for. */
export class LayerTargetError extends Error {
  override readonly name = 'LayerTargetError';
  readonly code = 'ASYNC_HTTP_LAYER_TARGET';
  readonly path: string;

  constructor({ path, option, cause }: { path: string; option: 'out' | 'dir'; cause: unknown }) {
    const kind = option === 'out' ? 'a file to be written' : 'a folder';
    super(
      `${path} cannot be used as ${kind}: ${reasonOf(cause)}. The layer is not complete there. ` +
        `Name ${kind} with --${option}, or make room for it.`,
      { cause },
    );
    this.path = path;
  }
}

/** Thrown when a layer that is to be verified cannot be read. */
export class LayerSourceError extends Error {
  override readonly name = 'LayerSourceError';
  readonly code = 'ASYNC_HTTP_LAYER_SOURCE';
  readonly source: string;

  constructor({ source, reason, cause }: { source: string; reason: string; cause: unknown }) {
    super(
      `${source} cannot be verified: ${reason.replace(/\.?$/, '.')} ` +
        'Name the zip of a layer, or the ARN of a layer version that your credentials may read.',
      { cause },
    );
    this.source = source;
  }
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  switch (code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return 'it, or a part of the way to it, is a file';
    case 'EISDIR':
      return 'it is a folder';
    default:
      return message;
  }
}

function octal(mode: number): string {
  return `0${mode.toString(8)}`;
}
