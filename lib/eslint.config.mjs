import { existsSync } from 'node:fs';
import tseslint from 'typescript-eslint';

/** The folders of the library from the bottom up: each may import from those before it. */
const LAYERS = [
  'data',
  'model',
  'loss',
  'engine',
  'evaluate',
  'projection',
  'train',
  'experiment',
  'figure',
  'explorer',
  'tensorboard',
  'recommend',
  'notebook',
  'commands',
].filter((layer) => existsSync(new URL(layer, import.meta.url)));

/** One rule for each folder: no import from the folders above it, nor from the library's front. */
const layering = LAYERS.map((layer, i) => ({
  files: [`${layer}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(\\.\\./)+(${[...LAYERS.slice(i + 1).map((above) => `${above}/`), 'index$', 'cli$'].join('|')})`,
            message: `${layer}/ may import only from ${LAYERS.slice(0, i).join('/, ') || 'nowhere'}/.`,
          },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['dist', 'vendor', 'node_modules', 'bin', 'bench/*.py'] },
  ...tseslint.configs.recommendedTypeChecked,
  ...layering,
  {
    languageOptions: {
      parserOptions: { project: './tsconfig.lint.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'max-lines': ['error', { max: 300 }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      // What comes over a wire is unknown, and String() is how it is made safe to show.
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowArray: true, allowNumber: true, allowBoolean: true, allowNever: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
    },
  },
  {
    files: ['**/*.test.ts', '**/*.test-support.ts', '*.mjs', '*.mts'],
    rules: {
      'max-lines': 'off',
      // Tests look at JSON, at messages of other programs and at what hostile input does.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-implied-eval': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
