import { describe, expect, it } from 'vitest';
import { checkLayer } from '../src/check-layer.ts';
import { layerEntries } from '../src/layer-entries.ts';
import type { LayerEntry } from '../src/layer-entry.ts';
import { sampleInputs } from './helpers/sample-inputs.ts';

const entry = (script: string) => layerEntries(sampleInputs({ entry: Buffer.from(script) }));
const layerWith = (...more: LayerEntry[]) => [...layerEntries(sampleInputs()), ...more];
const file = (path: string, mode = 0o644): LayerEntry => ({ path, mode, data: Buffer.from('x') });

/** The code and the whole text of what `checkLayer` throws. */
function refusal(entries: readonly LayerEntry[]): string {
  try {
    checkLayer(entries);
  } catch (error) {
    return error instanceof Error && 'code' in error
      ? `${error.code}: ${error.message}`
      : `${error}`;
  }
  return 'accepted';
}

describe('a layer that works on Lambda', () => {
  it('is accepted', () => {
    expect(refusal(layerEntries(sampleInputs()))).toBe('accepted');
  });
});

describe('a layer that would break on Lambda', () => {
  it('is refused when the entry script starts without a shebang', () => {
    expect(refusal(entry('exec node x.js\n'))).toMatchInlineSnapshot(
      `"ASYNC_HTTP_LAYER_SHEBANG: extensions/async-http starts with "exec node x.js". Lambda executes the file without a shell, so INIT would fail with Extension.LaunchError. Start it with "#!/bin/sh", without a byte order mark."`,
    );
  });

  it('is refused when a byte order mark hides the shebang', () => {
    expect(refusal(entry('\uFEFF#!/bin/sh\n'))).toContain('ASYNC_HTTP_LAYER_SHEBANG');
  });

  it('is refused when the shebang is not an absolute path', () => {
    expect(refusal(entry('#!sh\n'))).toContain('ASYNC_HTTP_LAYER_SHEBANG');
  });

  it('is refused when the entry script has Windows line ends', () => {
    expect(refusal(entry('#!/bin/sh\r\nexec node x.js\r\n'))).toMatchInlineSnapshot(
      `"ASYNC_HTTP_LAYER_CRLF: extensions/async-http has carriage returns (CRLF line ends). Linux takes them for a part of the commands, so the extension would not start. Save it with LF line ends; in Git, check out with eol=lf."`,
    );
  });

  it('is refused when the entry script is not executable', () => {
    const entries = layerEntries(sampleInputs()).map((one) =>
      one.path === 'extensions/async-http' ? { ...one, mode: 0o644 } : one,
    );

    expect(refusal(entries)).toMatchInlineSnapshot(
      `"ASYNC_HTTP_LAYER_MODE: extensions/async-http has mode 0644. Lambda runs as another user than the one who built the layer: it could not read or execute the file. Give it 0755."`,
    );
  });

  it('is refused when others cannot read a file or enter a folder', () => {
    expect(refusal(layerWith(file('async-http/more.js', 0o600)))).toContain('has mode 0600');
    expect(refusal(layerWith(file('async-http/more/', 0o700)))).toContain('has mode 0700');
  });

  it.each(['extensions/async-http.map', 'extensions/README.md', 'extensions/more/index.js'])(
    'is refused when it holds %s',
    (path) => {
      expect(refusal(layerWith(file(path)))).toContain('ASYNC_HTTP_LAYER_STRAY_EXTENSION');
    },
  );

  it('says why nothing else may lie in extensions/', () => {
    expect(refusal(layerWith(file('extensions/async-http.map')))).toMatchInlineSnapshot(
      `"ASYNC_HTTP_LAYER_STRAY_EXTENSION: extensions/async-http.map does not belong there. Lambda starts every file of extensions/ as an extension, so INIT would fail. Move it to async-http/."`,
    );
  });

  it.each([
    'nodejs/node_modules/@aws-sdk/client-sqs/index.js',
    'nodejs/node_modules/@async-http/proxy/node_modules/@aws-sdk/core/index.js',
    'nodejs/node24/node_modules/@smithy/types/index.js',
  ])('is refused when it holds %s', (path) => {
    expect(refusal(layerWith(file(path)))).toContain('ASYNC_HTTP_LAYER_AWS_SDK');
  });

  it('says why it brings no AWS SDK', () => {
    expect(
      refusal(layerWith(file('nodejs/node_modules/@aws-sdk/core/a.js'))),
    ).toMatchInlineSnapshot(
      `"ASYNC_HTTP_LAYER_AWS_SDK: nodejs/node_modules/@aws-sdk/core/a.js is a part of the AWS SDK. Under nodejs/ it would take the place of the runtime's own SDK in every function that uses the layer. Bundle what the extension needs into async-http/."`,
    );
  });
});
