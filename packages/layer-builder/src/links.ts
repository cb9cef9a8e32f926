/** From `/opt/nodejs/node_modules/@async-http/client/dist/store`. */
const STORE = '../../../../../../async-http/store.js';

/**
 * Files of the client that are in the layer once, for `import` and `require`: what stands in their place, by path. The
 * store is the file of the extension and of `/opt/proxy.js`. Nothing of it loads while a function starts, but for what
 * registers the client without the layer.
 */
export const LINKS: ReadonlyMap<string, string> = new Map([
  ['dist/delivery.js', "export * from './delivery.cjs';\n"],
  ['dist/register.js', "import './register.cjs';\n"],
  ['dist/store/index.cjs', `module.exports = require('${STORE}');\n`],
  ['dist/store/index.js', `export * from '${STORE}';\n`],
]);
