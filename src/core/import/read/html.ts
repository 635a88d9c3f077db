/** Tables of HTML: saved pages, copied parts of pages, and `.xls` files that are HTML. */
import { type DefaultTreeAdapterMap, parse } from 'parse5'
import type { SourceTable } from '../../../shared/imports.ts'
import { checkRow, limits, ReadProblem } from './problems.ts'

type Node = DefaultTreeAdapterMap['node']
type Element = DefaultTreeAdapterMap['element']

const skipped = new Set(['script', 'style', 'template', 'noscript', 'head', 'title', 'svg', 'select', 'button'])
const blocks = new Set([
  'address',
  'article',
  'aside',
  'blockquote',
  'dd',
  'div',
  'dl',
  'dt',
  'fieldset',
  'figure',
  'footer',
  'form',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'header',
  'hr',
  'li',
  'main',
  'nav',
  'ol',
  'p',
  'pre',
  'section',
  'table',
  'tr',
  'ul',
  'caption',
])

/** The tables of a document, and a function for its visible text with a line per block. Throws `ReadProblem`. */
export function readHtml(html: string): { tables: SourceTable[]; text: (separator?: string) => string } {
  const document = parse(withTable(html))
  const tables: SourceTable[] = []
  let count = 0
  for (const table of elementsOf(document, 'table')) {
    const rows = rowsOf(table)
    const read: SourceTable = { name: '', rows: [], origins: [] }
    for (const [index, cells] of rows.entries()) {
      checkRow(cells, index + 1, count++)
      read.rows.push(cells)
      read.origins.push(index + 1)
    }
    if (read.rows.length > 0) tables.push(read)
  }
  return { tables, text: (separator) => textOf(document, separator) }
}

/** Adds the table element to rows that were copied without it, which a parser would drop. */
function withTable(html: string): string {
  if (/<table[\s>]/i.test(html)) return html
  return html.replace(/<(?=(?:thead|tbody|tr)[\s>])/i, '<table><')
}

const childrenOf = (node: Node): Node[] => ('childNodes' in node ? node.childNodes : [])
const isElement = (node: Node): node is Element => 'tagName' in node

/** All elements of a name, in the order of the document. The walk has a stack: 20,000 nested elements overflow a recursion. */
function* elementsOf(root: Node, name: string): Generator<Element> {
  const stack: Node[] = [root]
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (isElement(node) && node.tagName === name) yield node
    if (!isElement(node) || !skipped.has(node.tagName)) pushReversed(stack, childrenOf(node))
  }
}

function pushReversed(stack: Node[], nodes: readonly Node[]): void {
  for (let index = nodes.length - 1; index >= 0; index--) stack.push(nodes[index] as Node)
}

/** The rows of a table without those of tables in it. A cell over several rows or columns is in all of them. */
function rowsOf(table: Element): string[][] {
  const rows: string[][] = []
  const spans: { text: string; rows: number }[] = []
  const stack: Node[] = [...childrenOf(table)].reverse()
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (!isElement(node)) continue
    if (node.tagName === 'tr') rows.push(cellsOf(node, spans))
    else if (['thead', 'tbody', 'tfoot'].includes(node.tagName)) pushReversed(stack, childrenOf(node))
  }
  return rows
}

function cellsOf(row: Element, spans: { text: string; rows: number }[]): string[] {
  const cells: string[] = []
  const fill = () => {
    for (let span = spans[cells.length]; span && span.rows > 0; span = spans[cells.length]) {
      span.rows--
      cells.push(span.text)
    }
  }
  for (const node of childrenOf(row)) {
    if (!isElement(node) || !['td', 'th'].includes(node.tagName)) continue
    fill()
    const text = textOf(node)
    const width = spanOf(node, 'colspan')
    for (let index = 0; index < width; index++) {
      if (cells.length > limits.columns) throw new ReadProblem('too_many_columns', { limit: limits.columns, row: 1 })
      spans[cells.length] = { text, rows: spanOf(node, 'rowspan') - 1 }
      cells.push(index === 0 ? text : '')
    }
  }
  fill()
  return cells
}

function spanOf({ attrs }: Element, name: 'colspan' | 'rowspan'): number {
  const value = Number(attrs.find((attribute) => attribute.name === name)?.value ?? 1)
  return Number.isInteger(value) && value > 0 ? Math.min(value, 65_534) : 1
}

/**
 * The visible text: spaces collapse, blocks and `br` begin a line. `separator` ends each inline element: the style of a page may
 * set them apart.
 */
function textOf(root: Node, separator = ''): string {
  const parts: string[] = []
  const stack: (Node | 'line' | 'tab' | 'inline')[] = [...childrenOf(root)].reverse()
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node === 'line') parts.push('\n')
    else if (node === 'tab') parts.push('\t')
    else if (node === 'inline') parts.push(separator)
    else if ('value' in node) parts.push(node.value.replace(/[ \t\r\n\f\u00A0]+/g, ' '))
    else if (isElement(node)) {
      if (skipped.has(node.tagName)) continue
      if (node.tagName === 'br') parts.push('\n')
      const isBlock = blocks.has(node.tagName)
      if (isBlock) parts.push('\n')
      if (isBlock) stack.push('line')
      else if (node.tagName === 'td' || node.tagName === 'th') stack.push('tab')
      else if (separator !== '') stack.push('inline')
      pushReversed(stack as Node[], childrenOf(node))
    }
  }
  return parts
    .join('')
    .replace(/ *\n */g, '\n')
    .replace(/\n+/g, '\n')
    .trim()
}
