const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      swcrc: false,
      jsc: {
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        target: 'es2023',
        keepClassNames: true,
      },
      module: { type: 'es6' },
      sourceMaps: 'inline',
    },
  ],
};

const base = {
  rootDir: '.',
  transform,
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1.ts', '$1.js'] },
  // Tests read the libraries' sources, so a test run needs no build of them.
  testEnvironmentOptions: { customExportConditions: ['@tradeline/source', 'node', 'node-addons'] },
  modulePathIgnorePatterns: ['/dist/', '/.nx/', '/.data/'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};

export default {
  maxWorkers: 2,
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/{apps,libs,tools}/*/src/**/*.spec.ts',
        '<rootDir>/libs/contracts/test/**/*.spec.ts',
      ],
    },
    {
      ...base,
      displayName: 'service',
      testMatch: ['<rootDir>/{apps,libs,tools}/*/test/**/*.spec.ts'],
      testPathIgnorePatterns: [...base.testPathIgnorePatterns, '/libs/contracts/', '/apps/call-journey-e2e/'],
      globalSetup: '<rootDir>/libs/testing/src/servers/jest-global-setup.ts',
      globalTeardown: '<rootDir>/libs/testing/src/servers/jest-global-teardown.ts',
    },
    {
      ...base,
      displayName: 'journey',
      testMatch: ['<rootDir>/apps/call-journey-e2e/test/**/*.spec.ts'],
    },
  ],
};
