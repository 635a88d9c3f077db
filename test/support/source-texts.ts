import { type ESTree, parseSync, Visitor } from 'vite'

/** The texts and text keys in a source file. A key with placeholders is a pattern: `status.*` for `status.${value}`. */
export interface SourceTexts {
  /** Keys that are translated: arguments of `t` and similar functions, and `i18nKey`. */
  translated: string[]
  /** Every string in the file: a key may be chosen in one place and translated in another. */
  strings: string[]
  /** Visible texts that are not keys: JSX text, and literals that JSX shows or reads out. */
  raw: string[]
}

const translators = new Set(['t', 'words', 'say', 'fail', 'sentence'])
const spokenAttributes = new Set([
  'alt',
  'aria-description',
  'aria-label',
  'aria-roledescription',
  'aria-valuetext',
  'label',
  'placeholder',
  'title',
])

/** Reads a TypeScript or JavaScript file. Throws if it does not parse. */
export function sourceTexts(file: string, code: string): SourceTexts {
  const { program, errors } = parseSync(file, code)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  const texts: SourceTexts = { translated: [], strings: [], raw: [] }
  const addRaw = (values: string[]) => texts.raw.push(...values.filter((value) => /\p{L}/u.test(value)))
  const addChildren = ({ children }: ESTree.JSXElement | ESTree.JSXFragment) => {
    for (const child of children) {
      if (child.type === 'JSXText') addRaw([child.value.trim()])
      if (child.type === 'JSXExpressionContainer') addRaw(values(child.expression))
    }
  }

  new Visitor({
    Literal: (node) => {
      if (typeof node.value === 'string') texts.strings.push(node.value)
    },
    TemplateLiteral: (node) => {
      texts.strings.push(...values(node))
    },
    CallExpression: ({ callee, arguments: [key] }) => {
      const property = callee.type === 'MemberExpression' ? callee.property : callee
      if (property.type === 'Identifier' && translators.has(property.name) && key) texts.translated.push(...values(key))
    },
    JSXAttribute: ({ name, value }) => {
      if (name.type !== 'JSXIdentifier' || !value) return
      const found = value.type === 'JSXExpressionContainer' ? values(value.expression) : values(value)
      if (name.name === 'i18nKey') texts.translated.push(...found)
      if (spokenAttributes.has(name.name)) addRaw(found)
    },
    JSXElement: addChildren,
    JSXFragment: addChildren,
  }).visit(program)
  return texts
}

/** The strings that an expression can evaluate to, from its literals; `*` for each placeholder of a template. */
function values(node: ESTree.Node): string[] {
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [node.value] : []
    case 'TemplateLiteral':
      return [node.quasis.map(({ value }) => value.cooked ?? value.raw).join('*')]
    case 'ConditionalExpression':
      return [...values(node.consequent), ...values(node.alternate)]
    case 'LogicalExpression':
      return [...values(node.left), ...values(node.right)]
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return values(node.expression)
    default:
      return []
  }
}
