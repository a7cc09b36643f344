// `node -r ./test/support/run-typescript.js src/cli.ts`: runs the sources as the tests compile them, without a build.
const { readFileSync } = require('node:fs');
const { transformSync } = require('@swc/core');
const { transform } = require('../../jest.config.js');

const [, options] = Object.values(transform)[0];

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), { filename, swcrc: false, ...options });
  module._compile(code, filename);
};
