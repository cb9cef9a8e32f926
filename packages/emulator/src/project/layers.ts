import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Layer } from '../lambda-types.ts';
import { LayerNotFoundError, type Place } from './errors.ts';
import type { Warnings } from './warnings.ts';

/** A layer that the project file itself defines. */
export interface LocalLayer {
  readonly name: string;
  /** Zip or folder, absolute; missing when its content is in AWS. */
  readonly path: string | undefined;
  /** Where in `/opt` its content goes, when that is not `/opt` itself. */
  readonly at?: string;
  readonly place: Place;
}

export interface LayerOptions {
  /** Folder that relative paths start from. */
  readonly folder: string;
  /** By the name that `Ref` uses. */
  readonly local: ReadonlyMap<string, LocalLayer>;
  readonly warnings: Warnings;
}

/**
 * Finds the zip or folder of each layer of a function. A layer is the name of one that the file defines,
 * a path, or an ARN; the last cannot be used here and becomes a warning.
 *
 * @throws code `ASYNC_HTTP_EMULATOR_LAYER_NOT_FOUND`.
 */
export function findLayers(
  references: readonly unknown[],
  place: Place,
  options: LayerOptions,
): Layer[] {
  return references.flatMap((reference) => findLayer(reference, place, options) ?? []);
}

function findLayer(
  reference: unknown,
  place: Place,
  { folder, local, warnings }: LayerOptions,
): Layer | undefined {
  // A variable without a value; that was named already.
  if (typeof reference !== 'string' || reference === '') return undefined;
  const defined = local.get(reference);
  if (defined) {
    if (defined.path) {
      const path = existing(defined.path, defined.name, defined.place);
      return defined.at === undefined ? path : { folder: path, at: defined.at };
    }
    warnings.add(`The content of layer ${defined.name} is not on this machine. ${WITHOUT}`, place);
    return undefined;
  }
  if (reference.startsWith('arn:')) {
    warnings.add(`The layer ${reference} is not on this machine. ${WITHOUT} ${DOWNLOAD}`, place);
    return undefined;
  }
  if (/[/\\]|\.zip$/.test(reference)) return existing(resolve(folder, reference), reference, place);
  warnings.add(`The layer ${reference} is not defined in this file. ${WITHOUT}`, place);
  return undefined;
}

const WITHOUT = 'Functions run without it.';
const DOWNLOAD =
  'To run with it, download it (aws lambda get-layer-version-by-arn) and name the zip here instead.';

function existing(path: string, layer: string, place: Place): string {
  if (!existsSync(path)) throw new LayerNotFoundError(place, { layer, path });
  return path;
}
