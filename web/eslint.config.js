// Lint rules: typescript-eslint strict with types, hooks, accessibility, and the direction of imports:
// lib -> components -> features -> app; the portal stands on lib alone, so that it stays small.
import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const UP = { group: ['../*', '..'], message: 'Import across folders by "@/...": the direction of imports is checked on it.' };
const may = (files, ...forbidden) => ({
  files: [files],
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: [UP, ...forbidden.map((name) => ({ group: [`@/${name}`, `@/${name}/*`], message: `${files} may not import ${name}.` }))] },
    ],
  },
});

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'src/lib/api/schema.d.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked, jsxA11y.flatConfigs.recommended, reactHooks.configs.flat['recommended-latest']],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname }, globals: globals.browser },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Numbers read well in templates; everything else is still checked.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => setOpen(true)` is the idiom of React handlers.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Promise-returning handlers are fine in JSX: failures are shown by the mutation they start.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  may('src/lib/**', 'components', 'features', 'app', 'portal'),
  may('src/components/**', 'features', 'app', 'portal'),
  may('src/features/**', 'features', 'app', 'portal'),
  may('src/app/**', 'portal'),
  may('src/portal/**', 'components', 'features', 'app'),
  { files: ['**/*.{js,mjs}'], languageOptions: { globals: globals.node } },
  { files: ['src/sw.js'], languageOptions: { globals: { ...globals.serviceworker, __FILES__: 'readonly' } } },
);
