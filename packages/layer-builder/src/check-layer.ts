import {
  LayerAwsSdkError,
  LayerCarriageReturnError,
  LayerModeError,
  LayerShebangError,
  LayerStrayExtensionError,
} from './errors.ts';
import { isFolder, type LayerEntry } from './layer-entry.ts';

const ENTRY = 'extensions/async-http';

/**
 * Refuses a layer that would build here and break on Lambda.
 *
 * @throws the first problem found, as one of the errors in `errors.ts`.
 * @see Lambda extensions: https://docs.aws.amazon.com/lambda/latest/dg/lambda-extensions.html
 */
export function checkLayer(entries: readonly LayerEntry[]): void {
  for (const entry of entries) {
    checkExtensionsFolder(entry);
    checkMode(entry);
    checkSdk(entry);
    if (entry.path === ENTRY) {
      checkScript(entry);
    }
  }
}

function checkExtensionsFolder(entry: LayerEntry): void {
  if (entry.path.startsWith('extensions/') && !isFolder(entry) && entry.path !== ENTRY) {
    throw new LayerStrayExtensionError({ path: entry.path });
  }
}

function checkMode({ path, mode }: LayerEntry): void {
  const needed = path === ENTRY || path.endsWith('/') ? 0o755 : 0o644;
  if (mode !== needed) {
    throw new LayerModeError({ path, mode, needed });
  }
}

function checkSdk({ path }: LayerEntry): void {
  if (/^nodejs\/.*\bnode_modules\/@(aws-sdk|smithy)\//.test(path)) {
    throw new LayerAwsSdkError({ path });
  }
}

function checkScript({ path, data }: LayerEntry): void {
  const script = Buffer.from(data).toString('latin1');
  // Before the shebang: "#!/bin/sh\r" names an interpreter that does not exist.
  if (script.includes('\r')) {
    throw new LayerCarriageReturnError({ path });
  }
  if (!/^#!\/\S+\n/.test(script)) {
    throw new LayerShebangError({ path, firstLine: script.split('\n', 1).join('') });
  }
}
