import a11y from 'eslint-plugin-jsx-a11y'
import hooks from 'eslint-plugin-react-hooks'
import ts from 'typescript-eslint'

const heavy = ['radix-ui', 'cmdk', '@codemirror/*', 'codemirror', '@dnd-kit/*', 'react-grid-layout', 'react-router']

export default ts.config(
  { ignores: ['dist', 'src/shared/api/schema.d.ts'] },
  ...ts.configs.recommended,
  a11y.flatConfigs.recommended,
  hooks.configs.flat.recommended,
  {
    // the phone's entry and what it shares must stay light
    files: ['src/rep/**', 'src/shared/{api,form,format,formula,i18n,offline,schema,theme,ui,widgets}/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: [...heavy, '@/desk/*', '@/studio/*', '@/shared/overlay/*'], message: 'the phone entry must stay light' }] },
      ],
    },
  },
)
