import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Which kind of project may depend on which, and what the rule protects. */
const KINDS = [
  ['contracts', ['contracts'], 'contracts runs in the browser too: it imports nothing of ours'],
  ['runtime', ['runtime'], 'service-runtime is what everything stands on: it imports nothing of ours'],
  ['provider', ['provider'], 'twilio knows Twilio and nothing of ours'],
  [
    'messaging',
    ['contracts', 'runtime', 'messaging'],
    'messaging carries contracts on top of the runtime, no more',
  ],
  [
    'testing',
    ['contracts', 'messaging', 'provider', 'testing'],
    'testing plays the outside world: it knows no service',
  ],
  [
    'service',
    ['contracts', 'messaging', 'runtime', 'provider', 'testing'],
    'a service never imports another: they exchange events',
  ],
  ['web', ['contracts'], 'the console reaches us by HTTP only'],
  [
    'e2e',
    ['contracts', 'provider', 'testing', 'runtime'],
    'a journey drives services as processes, from outside',
  ],
  ['tool', ['tool'], 'tools start services as processes and import none of them'],
];

const SUFFIX = '(Why: see docs/architecture.md, "Who may import whom".)';

const TESTING_IN_PRODUCTION = {
  group: ['@tradeline/testing', '@tradeline/testing/*'],
  message: `The fakes are for tests: production code never knows that it talks to a fake. ${SUFFIX}`,
};
const PRISMA_OUTSIDE_DATABASE = {
  group: ['@prisma/*', '**/generated/prisma/*', '**/generated/prisma'],
  message: `Rows do not leave database/: use a repository. ${SUFFIX}`,
};
const NATS_OUTSIDE_MESSAGING = {
  group: ['@nats-io/*'],
  message: `The bus is reached through @tradeline/messaging, where the delivery guarantees are. ${SUFFIX}`,
};
const NODE_AND_FRAMEWORK = {
  group: ['node:*', '@nestjs/*', '@nats-io/*', 'express', 'ws', '@prisma/*'],
  message: `This code is plain TypeScript: no framework, no I/O. ${SUFFIX}`,
};
const OTHER_FEATURE = {
  regex: '^\\.\\./(?!\\.\\./)',
  message: `A feature does not import another: what they share belongs in domain/. ${SUFFIX}`,
};
const OUT_OF_DOMAIN = {
  regex: '^\\.\\./(?:\\.\\./)*(?:database|features|integrations|media)/',
  message: `domain/ decides and knows nobody who acts. ${SUFFIX}`,
};
const FEATURES_FROM_BELOW = {
  regex: '^\\.\\./(?:\\.\\./)*features/',
  message: `Features call database/ and integrations/, never the other way. ${SUFFIX}`,
};

const restrict = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

export default tseslint.config(
  { ignores: ['**/dist/**', '**/generated/**', '**/node_modules/**', '.nx/**', '.data/**', 'docs/**'] },
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx, '@typescript-eslint': tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      // One program for all: a project service would load the vendors' large types once per project and run out of memory.
      parserOptions: {
        project: './tsconfig.eslint.json',
        tsconfigRootDir: import.meta.dirname,
        emitDecoratorMetadata: true,
        experimentalDecorators: true,
      },
    },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allow: [],
          depConstraints: KINDS.map(([kind, allowed]) => ({
            sourceTag: `kind:${kind}`,
            onlyDependOnLibsWithTags: allowed.map((tag) => `kind:${tag}`),
          })),
        },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/ban-ts-comment': 'error',
    },
  },
  {
    files: ['apps/*/src/**/*.ts', 'libs/*/src/**/*.ts'],
    ignores: [
      '**/env.ts',
      '**/*.spec.ts',
      'libs/testing/**',
      'libs/service-runtime/**',
      'apps/call-journey-e2e/**',
    ],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: `Only env.ts reads the environment, so every wrong variable is reported at once. ${SUFFIX}`,
        },
      ],
    },
  },
  {
    // The fakes are built on the libraries, and the libraries are tested with the fakes: a circle of tests only.
    files: ['libs/*/test/**/*.ts', 'libs/*/src/**/*.spec.ts'],
    rules: { '@nx/enforce-module-boundaries': 'off' },
  },
  { files: ['libs/contracts/src/**/*.ts'], rules: restrict(NODE_AND_FRAMEWORK, TESTING_IN_PRODUCTION) },
  {
    files: ['apps/*/src/**/*.ts'],
    ignores: ['**/*.spec.ts', 'apps/sandbox/**', 'apps/call-journey-e2e/**'],
    rules: restrict(TESTING_IN_PRODUCTION, PRISMA_OUTSIDE_DATABASE, NATS_OUTSIDE_MESSAGING),
  },
  {
    files: ['apps/*/src/{database,integrations,media}/**/*.ts'],
    ignores: ['**/*.spec.ts', 'apps/sandbox/**'],
    rules: restrict(TESTING_IN_PRODUCTION, NATS_OUTSIDE_MESSAGING, FEATURES_FROM_BELOW),
  },
  {
    files: ['apps/*/src/{integrations,media}/**/*.ts'],
    ignores: ['**/*.spec.ts', 'apps/sandbox/**'],
    rules: restrict(
      TESTING_IN_PRODUCTION,
      PRISMA_OUTSIDE_DATABASE,
      NATS_OUTSIDE_MESSAGING,
      FEATURES_FROM_BELOW,
    ),
  },
  {
    files: ['apps/*/src/features/*/*.ts'],
    ignores: ['**/*.spec.ts', 'apps/sandbox/**'],
    rules: restrict(TESTING_IN_PRODUCTION, PRISMA_OUTSIDE_DATABASE, NATS_OUTSIDE_MESSAGING, OTHER_FEATURE),
  },
  {
    files: ['apps/*/src/domain/**/*.ts'],
    ignores: ['**/*.spec.ts', 'apps/sandbox/**'],
    rules: restrict(TESTING_IN_PRODUCTION, PRISMA_OUTSIDE_DATABASE, NODE_AND_FRAMEWORK, OUT_OF_DOMAIN),
  },
);
