/**
 * A program that runs a JavaScript or TypeScript file and writes its default export to file descriptor 3, as
 * JSON, with the files that it was made from. Arguments: esbuild's main file, the file.
 */
export const SCRIPT_EVALUATOR = `
const { readFileSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const { dirname, extname, resolve } = require('node:path');
const { pathToFileURL } = require('node:url');
const [, esbuild, file] = process.argv;

// In a bundle, these would be the same in every file.
const places = {
  name: 'places',
  setup(build) {
    build.onLoad({ filter: /\\.[cm]?[jt]s$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const values = { __dirname: dirname(path), __filename: path, __moduleUrl: pathToFileURL(path) };
      const declarations = Object.entries(values)
        .filter(([name]) => !new RegExp('(const|let|var) +' + name).test(source))
        .map(([name, value]) => 'var ' + name + '=' + JSON.stringify(value) + ';');
      return {
        contents: declarations.join('') + source,
        loader: extname(path).includes('t') ? 'ts' : 'js',
      };
    });
  },
};

async function run() {
  const { outputFiles, metafile } = await require(esbuild).build({
    entryPoints: [file],
    absWorkingDir: dirname(file),
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    define: { 'import.meta.url': '__moduleUrl' },
    sourcemap: 'inline',
    logLevel: 'silent',
    plugins: [places],
  });
  const module = new Module(file);
  module.filename = file;
  module.paths = Module._nodeModulePaths(dirname(file));
  module._compile(outputFiles[0].text, file);
  const exported = module.exports.default ?? module.exports;
  const value = await (typeof exported === 'function' ? exported() : exported);
  const inputs = Object.keys(metafile.inputs).map((input) => resolve(dirname(file), input));
  return { value, inputs };
}

run()
  .catch((error) => (error.errors ? { errors: error.errors } : { stack: String(error?.stack ?? error) }))
  .then((answer) => {
    writeFileSync(3, JSON.stringify(answer));
    process.exit();
  });
`;
