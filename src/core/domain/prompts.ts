/** Finds the prompt and the model in the texts that tools write into a picture. */

/** The prompt and the model of a file; null if its texts do not name them. */
export interface FoundPrompt {
  prompt: string | null
  model: string | null
}

/** In UTF-16 units; longer prompts are cut. */
const longestPrompt = 20_000
/** At most this many values of one graph are read. */
const mostNodes = 5_000

const nothing: FoundPrompt = { prompt: null, model: null }

/** Reads the texts of a file by their keywords, such as `parameters` and `Description`. */
export function promptOf(texts: readonly (readonly [keyword: string, text: string])[]): FoundPrompt {
  const byKeyword = new Map<string, string>()
  for (const [keyword, text] of texts) if (text.trim() !== '') byKeyword.set(keyword.toLowerCase(), text)
  for (const keyword of promptKeywords) {
    const text = byKeyword.get(keyword)
    const found = text === undefined ? nothing : promptOfText(text)
    if (found.prompt !== null) return { ...found, model: found.model ?? modelOf(byKeyword) }
  }
  return { prompt: null, model: modelOf(byKeyword) }
}

/** The keywords under which tools write prompts, the most reliable first. */
const promptKeywords = [
  'parameters',
  'prompt',
  'invokeai_metadata',
  'sd-metadata',
  'dream',
  'usercomment',
  'comment',
  'description',
  'imagedescription',
  'title',
]

const modelOf = (byKeyword: ReadonlyMap<string, string>): string | null => clean(byKeyword.get('model') ?? '')

function promptOfText(text: string): FoundPrompt {
  const trimmed = text.trim()
  if (/^[[{]/.test(trimmed)) {
    const value = parseLoosely(trimmed)
    if (value !== undefined) return promptOfGraph(value) ?? promptOfJson(value)
  }
  return promptOfParameters(trimmed)
}

/** The text of Stable Diffusion tools: the prompt, then `Negative prompt:` and a line of `Steps: …, Model: …`. */
function promptOfParameters(text: string): FoundPrompt {
  const end = text.search(/^(Negative prompt:|Steps: \d)/m)
  const model = end < 0 ? undefined : /(?:^|, )Model: ([^,\n]+)/m.exec(text.slice(end))?.[1]
  return { prompt: clean(end < 0 ? text : text.slice(0, end)), model: clean(model ?? '') }
}

/** Parses JSON, even with the `NaN` and `Infinity` that Python writes; undefined if the text is no JSON. */
function parseLoosely(text: string): unknown {
  for (const candidate of [text, text.replaceAll(/(?<=[[,:]\s*)-?(NaN|Infinity)(?=\s*[\],}])/g, 'null')]) {
    try {
      return JSON.parse(candidate) as unknown
    } catch {}
  }
  return undefined
}

const promptNames = ['prompt', 'positive_prompt', 'positivePrompt', 'caption', 'text']
const modelNames = ['model', 'model_name', 'ckpt_name', 'unet_name', 'sd_model_name']

/** The longest prompt and the first model under their usual names, at any depth of the value. */
function promptOfJson(value: unknown): FoundPrompt {
  let prompt = ''
  let model: string | null = null
  const left: unknown[] = [value]
  for (let seen = 0; left.length > 0 && seen < mostNodes; seen++) {
    const node = left.shift()
    if (typeof node !== 'object' || node === null) continue
    if (isNegative(node)) continue
    for (const [name, field] of Object.entries(node)) {
      if (typeof field === 'string' && promptNames.includes(name) && field.length > prompt.length) prompt = field
      if (modelNames.includes(name)) model ??= modelName(field)
      left.push(field)
    }
  }
  return { prompt: clean(prompt), model }
}

/** At most this many links of one graph are followed. */
const mostLinks = 100

/** The prompt in a graph of ComfyUI: the text linked to the input `positive` of a sampler. Null for other values. */
function promptOfGraph(value: unknown): FoundPrompt | null {
  if (typeof value !== 'object' || value === null) return null
  const graph = value as Record<string, unknown>
  for (const node of Object.values(graph).slice(0, mostNodes)) {
    const link = inputsOf(node)?.positive
    const prompt = Array.isArray(link) ? textBehind(graph, link) : null
    if (prompt !== null) return { prompt: clean(prompt), model: promptOfJson(value).model }
  }
  return null
}

const inputsOf = (node: unknown): Record<string, unknown> | null =>
  typeof node === 'object' && node !== null && 'class_type' in node && 'inputs' in node
    ? (node.inputs as Record<string, unknown> | null)
    : null

/** The longest text among the inputs of the linked node, or of the nodes behind it; null if there is none. */
function textBehind(graph: Record<string, unknown>, link: readonly unknown[]): string | null {
  const left = [link]
  const seen = new Set<string>()
  for (let next = left.shift(); next && seen.size < mostLinks; next = left.shift()) {
    const id = String(next[0])
    if (seen.has(id)) continue
    seen.add(id)
    const inputs = Object.entries(inputsOf(graph[id]) ?? {})
    const texts = inputs.flatMap(([name, text]) => (isTextInput(name) && typeof text === 'string' ? text : []))
    if (texts.length > 0) return texts.reduce((longest, text) => (text.length > longest.length ? text : longest))
    left.push(...inputs.flatMap(([name, input]) => (Array.isArray(input) && name !== 'negative' ? [input] : [])))
  }
  return null
}

const isTextInput = (name: string): boolean => promptNames.includes(name) || /^(text|string|value)/i.test(name)

/** Whether the user titled a node of a graph as the negative prompt. */
const isNegative = (node: object): boolean =>
  '_meta' in node && /negative/i.test(String((node._meta as { title?: unknown } | null)?.title ?? ''))

function modelName(field: unknown): string | null {
  if (typeof field === 'string') return clean(field.replace(/\.(safetensors|ckpt|gguf|pt)$/i, ''))
  if (typeof field !== 'object' || field === null) return null
  return 'name' in field && typeof field.name === 'string' ? clean(field.name) : null
}

/** A text without control characters, in NFC; null if nothing is left. */
function clean(text: string): string | null {
  const plain = text
    .normalize()
    .replaceAll(/[^\P{Cc}\n\t]/gu, '')
    .trim()
  return plain === '' ? null : [...plain.slice(0, longestPrompt)].join('')
}
