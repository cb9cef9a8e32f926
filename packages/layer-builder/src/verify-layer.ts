import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import { codeSha256 } from './code-sha256.ts';
import { LayerSourceError } from './errors.ts';
import { layerEntries } from './layer-entries.ts';
import type { LayerEntry } from './layer-entry.ts';
import { readLayerInputs } from './layer-inputs.ts';
import { publishedSha256, regionOfLayer } from './published-sha256.ts';
import { zipLayer } from './zip-layer.ts';

export interface LayerVerification {
  /** Whether the layer is, byte for byte, what this version of the package builds. */
  readonly isIdentical: boolean;
  /** SHA-256 in base64 of what this version builds, and of what was verified. */
  readonly expectedSha256: string;
  readonly foundSha256: string;
  /** What differs in a zip, as a sentence each. Empty for an ARN, of which only the hash is known. */
  readonly differences: readonly string[];
}

/**
 * Builds the layer in memory and compares it with another one.
 *
 * @param source the path of a zip, or the ARN of a published layer version, whose hash the AWS CLI asks for.
 * @throws {LayerSourceError} when it cannot be read; `LayerInputMissingError` when this package cannot build the layer.
 */
export async function verifyLayer(source: string): Promise<LayerVerification> {
  const entries = layerEntries(readLayerInputs());
  const expectedSha256 = codeSha256(zipLayer(entries));
  const verdict = (foundSha256: string, differences: () => string[] = () => []) => {
    const isIdentical = foundSha256 === expectedSha256;
    return {
      isIdentical,
      expectedSha256,
      foundSha256,
      differences: isIdentical ? [] : differences(),
    };
  };
  const region = regionOfLayer(source);
  if (region !== undefined) return verdict(await publishedSha256(source, region));
  const zip = await readZip(source);
  return verdict(codeSha256(zip), () => compare(entries, unzip(zip, source)));
}

async function readZip(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new LayerSourceError({ source: path, reason: (cause as Error).message, cause });
  }
}

function unzip(zip: Uint8Array, source: string): Map<string, Uint8Array> {
  try {
    return new Map(Object.entries(unzipSync(zip)));
  } catch (cause) {
    throw new LayerSourceError({ source, reason: 'it is not a zip file', cause });
  }
}

function compare(entries: readonly LayerEntry[], found: Map<string, Uint8Array>): string[] {
  const expected = new Map(entries.map(({ path, data }) => [path, data]));
  const differences = [
    ...[...expected].flatMap(([path, data]) => {
      const other = found.get(path);
      if (!other) return `${path} is missing`;
      return Buffer.compare(data, other) === 0 ? [] : `${path} differs`;
    }),
    ...[...found.keys()]
      .filter((path) => !expected.has(path))
      .map((path) => `${path} is not in the layer that this version builds`),
  ];
  return differences.length > 0
    ? differences
    : ['every file is the same, but times, modes or compression differ'];
}
