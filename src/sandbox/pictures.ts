/** Calm little pictures for the sample account, drawn in code from a scene and a seed. */
import {
  box,
  type Canvas,
  type Color,
  clamp,
  createCanvas,
  disc,
  ellipse,
  type Field,
  glow,
  type Shape,
} from './canvas.ts'
import { createRandom, type Random } from './random.ts'
import type { Scene } from './vocabulary.ts'

/** Draws `scene`; the same seed gives the same picture at any size. */
export function drawPicture(scene: Scene, seed: number, width: number, height: number): Canvas {
  const canvas = createCanvas(width, height)
  scenes[scene](canvas, createRandom(seed))
  return canvas
}

const everywhere = (canvas: Canvas): Shape => box(0, 0, canvas.aspect, 1)

/** The area under a line; its height is computed once per column. */
function below(canvas: Canvas, height: (x: number) => number): Shape {
  const { aspect, edge } = canvas
  const heights = Array.from({ length: Math.ceil(aspect / edge) }, (_, column) => height((column + 0.5) * edge))
  const top = Math.min(...heights) - edge
  return box(0, top, aspect, 1, (x, y) => clamp((y - (heights[Math.floor(x / edge)] as number)) / edge + 0.5))
}

const rgb = (hex: number): Color => [hex >> 16, (hex >> 8) & 0xff, hex & 0xff]
const mix = (a: Color, b: Color, part: number): Color => [
  a[0] + (b[0] - a[0]) * part,
  a[1] + (b[1] - a[1]) * part,
  a[2] + (b[2] - a[2]) * part,
]

/** A sky's top and horizon, its light, and the nearest ground. */
type Palette = readonly [top: Color, horizon: Color, light: Color, ground: Color]
const palettes = (...rows: [number, number, number, number][]) => rows.map((row) => row.map(rgb) as unknown as Palette)

const days = palettes(
  [0x8fb8d8, 0xf3e6d0, 0xfff4d6, 0x2f4a3a],
  [0xa9c9c4, 0xf5ead8, 0xfffbe8, 0x35513f],
  [0x6f8fb5, 0xf0c9a8, 0xffe9c2, 0x33384f],
  [0xd9c7b8, 0xf7efe2, 0xf2b27c, 0x5b4a3f],
  [0x9aa8c7, 0xe9dbe4, 0xfff1e6, 0x3d4261],
)
const dusks = palettes(
  [0x5b5f97, 0xf3a97b, 0xffdf9e, 0x5d4a5e],
  [0x3f5a86, 0xf6bd8c, 0xffe7b3, 0x35506b],
  [0x7a5a86, 0xf2a5a0, 0xffd9b8, 0x4d3f63],
  [0x86b5c9, 0xf7e3c4, 0xfff3d4, 0x2f7480],
)
const nights = palettes(
  [0x0e1b3a, 0x2c4a7c, 0xf6efd6, 0x0f2038],
  [0x161433, 0x4a4a86, 0xfbeecb, 0x17152e],
  [0x0c2430, 0x2f6173, 0xf3f0de, 0x0b222b],
)

function sky(canvas: Canvas, [top, horizon]: Palette): void {
  canvas.paint(everywhere(canvas), top, horizon, (_, y) => y / 0.7)
}

function lamp(canvas: Canvas, color: Color, x: number, y: number, radius: number): void {
  canvas.paint(glow(x, y, radius * 5, 0.55), color)
  canvas.paint(disc(x, y, radius, canvas.edge), color)
}

function ridge(random: Random, base: number, height: number): (x: number) => number {
  const waves = [1.3, 2.9, 6.1].map((rate, order) => ({
    rate: rate * (0.8 + random.next() * 0.5),
    phase: random.next() * 7,
    size: height / (order + 1),
  }))
  return (x) => base - waves.reduce((sum, { rate, phase, size }) => sum + Math.sin(x * rate + phase) * size, 0)
}

function hills(canvas: Canvas, random: Random): void {
  const palette = random.pick(days)
  sky(canvas, palette)
  lamp(canvas, palette[2], canvas.aspect * (0.2 + random.next() * 0.6), 0.2 + random.next() * 0.15, 0.05)
  const layers = 4
  for (let layer = 0; layer < layers; layer += 1) {
    const near = layer / (layers - 1)
    const color = mix(palette[1], palette[3], 0.25 + near * 0.75)
    const shape = ridge(random, 0.5 + near * 0.35, 0.06)
    canvas.paint(below(canvas, shape), color, mix(color, palette[1], 0.25), (_, y) => (y - 0.4) * 1.2)
  }
}

/** Short strokes of light on water, wider towards the viewer. */
function reflection(canvas: Canvas, random: Random, color: Color, x: number, horizon: number): void {
  for (let y = horizon + 0.025; y < 0.97; y += 0.028) {
    const half = 0.03 + (y - horizon) * 0.18 * (0.5 + random.next())
    const center = x + (random.next() - 0.5) * 0.06
    canvas.paint(ellipse(center, y, half, 0.0045, canvas.edge), mix(color, [255, 255, 255], 0.1))
  }
}

function sea(canvas: Canvas, random: Random): void {
  const palette = random.pick(dusks)
  const x = canvas.aspect * (0.3 + random.next() * 0.4)
  const horizon = 0.56 + random.next() * 0.08
  sky(canvas, palette)
  lamp(canvas, palette[2], x, horizon - 0.03, 0.1)
  canvas.paint(
    below(canvas, () => horizon),
    mix(palette[1], palette[3], 0.55),
    palette[3],
    (_, y) => (y - horizon) / (1 - horizon),
  )
  reflection(canvas, random, palette[2], x, horizon)
  if (random.chance(0.5)) {
    const boat = canvas.aspect * (0.15 + random.next() * 0.7)
    canvas.paint(ellipse(boat, horizon + 0.05, 0.05, 0.012, canvas.edge), rgb(0x2a2836))
    canvas.paint(box(boat - 0.003, horizon - 0.05, boat + 0.003, horizon + 0.045), rgb(0x2a2836))
  }
}

function moon(canvas: Canvas, random: Random): void {
  const palette = random.pick(nights)
  const x = canvas.aspect * (0.25 + random.next() * 0.5)
  sky(canvas, palette)
  for (let count = 0; count < 26; count += 1) {
    const size = 0.001 + random.next() * 0.0022
    canvas.paint(disc(random.next() * canvas.aspect, random.next() * 0.55, size, canvas.edge), rgb(0xdfe6f2))
  }
  lamp(canvas, palette[2], x, 0.26, 0.1)
  if (random.chance(0.5)) {
    canvas.paint(
      below(canvas, () => 0.64),
      mix(palette[1], palette[3], 0.5),
      palette[3],
      (_, y) => (y - 0.64) * 2.5,
    )
    reflection(canvas, random, palette[2], x, 0.64)
    return
  }
  canvas.paint(below(canvas, ridge(random, 0.68, 0.05)), mix(palette[1], palette[3], 0.6))
  canvas.paint(below(canvas, ridge(random, 0.84, 0.05)), palette[3])
}

function vase(canvas: Canvas, random: Random): void {
  const [wall, table, clay] = random.pick(
    [
      [0xd9cdbd, 0x7d6552, 0xfbf7ee],
      [0xcfd6d3, 0x8a7a68, 0xf2ede2],
      [0x3a4347, 0x232a2d, 0xf4efe4],
      [0xe6d6cb, 0xa5806a, 0x9db8a6],
      [0xd8d9de, 0x6d6a70, 0x6f86a6],
    ].map((row) => row.map(rgb) as unknown as [Color, Color, Color]),
  )
  const x = canvas.aspect * (0.4 + random.next() * 0.2)
  const wide = 0.16 + random.next() * 0.08
  const tall = 0.19 + random.next() * 0.05
  const foot = 0.8
  const center = foot - tall
  canvas.paint(
    everywhere(canvas),
    mix(wall, [255, 255, 255], 0.15),
    mix(wall, [0, 0, 0], 0.12),
    (u, v) => (u / canvas.aspect + v) / 2,
  )
  const beam = canvas.aspect * random.next() * 0.5
  const slant: Field = (u, v) => 0.22 * clamp(1 - Math.abs(u - beam - (1 - v) * 0.5) / 0.2)
  canvas.paint(box(0, 0, canvas.aspect, 1, slant), [255, 250, 235])
  canvas.paint(
    below(canvas, () => 0.74),
    table,
    mix(table, [0, 0, 0], 0.3),
    (_, v) => (v - 0.74) * 3,
  )
  const cast: Field = (u, v) => 0.45 * clamp(1 - Math.hypot((u - x - 0.05) / (wide * 1.5), (v - foot) / 0.04))
  canvas.paint(box(x - 0.5, foot - 0.04, x + 0.5, foot + 0.04, cast), [20, 14, 10])
  const light: Field = (u, v) => Math.hypot(u - x + wide * 0.45, v - center + tall * 0.4) / (wide * 1.9)
  const shadow = mix(clay, [60, 48, 40], 0.55)
  const neck = wide * (0.3 + random.next() * 0.15)
  canvas.paint(box(x - neck, center - tall - 0.05, x + neck, center), clay, shadow, light)
  canvas.paint(box(x - neck, center, x + neck, foot + 0.005), clay, shadow, light)
  canvas.paint(ellipse(x, center, wide, tall, canvas.edge), clay, shadow, light)
  if (random.chance(0.4)) sprig(canvas, random, x, center - tall - 0.04)
}

/** A thin branch with blossoms that leans out of a vase. */
function sprig(canvas: Canvas, random: Random, x: number, y: number): void {
  const lean = random.next() * 0.4 - 0.2
  const stem = (v: number) => x + lean * (y - v) * 3 + Math.sin(v * 14) * 0.012
  const along: Field = (u, v) => clamp((0.005 - Math.abs(u - stem(v))) / canvas.edge + 0.5)
  canvas.paint(box(x - 0.4, 0.1, x + 0.4, y, along), rgb(0x4a3a30))
  for (let v = 0.12; v < y - 0.04; v += 0.05) {
    const u = stem(v) + (random.next() - 0.5) * 0.06
    canvas.paint(
      disc(u, v, 0.012 + random.next() * 0.01, canvas.edge),
      rgb(random.pick([0xf6ded8, 0xffffff, 0xe8b7ae])),
    )
  }
}

function fruit(canvas: Canvas, random: Random): void {
  const [ground, skin, leaf] = random.pick(
    [
      [0xefe5d3, 0xe2782b, 0x556b3a],
      [0xe9e6da, 0xb7433c, 0x4d6a4a],
      [0xdfe3d2, 0xe3b23c, 0x5c7a45],
      [0xe7dce0, 0x6b4a7d, 0x58704f],
    ].map((row) => row.map(rgb) as unknown as [Color, Color, Color]),
  )
  canvas.paint(everywhere(canvas), mix(ground, [255, 255, 255], 0.25), mix(ground, [0, 0, 0], 0.06))
  const rate = 1.5 + random.next()
  const branch = (u: number) => 0.2 + Math.sin(u * rate) * 0.06
  const along: Field = (u, v) => clamp((0.012 - Math.abs(v - branch(u))) / canvas.edge + 0.5)
  canvas.paint(box(0, 0.12, canvas.aspect, 0.28, along), rgb(0x4b3828))
  const count = random.between(2, 4)
  for (let each = 0; each < count; each += 1) {
    const x = (canvas.aspect * (each + 0.5 + (random.next() - 0.5) * 0.3)) / count
    const y = 0.48 + random.next() * 0.28
    const radius = 0.1 + random.next() * 0.045
    canvas.paint(box(x - 0.004, branch(x), x + 0.004, y - radius * 0.8), rgb(0x4b3828))
    const light: Field = (u, v) => Math.hypot(u - x + radius * 0.35, v - y + radius * 0.35) / (radius * 1.7)
    canvas.paint(
      ellipse(x, y, radius, radius * 0.94, canvas.edge),
      mix(skin, [255, 235, 200], 0.45),
      mix(skin, [40, 10, 10], 0.25),
      light,
    )
    canvas.paint(ellipse(x, y - radius * 0.85, radius * 0.42, radius * 0.16, canvas.edge), leaf)
  }
}

function city(canvas: Canvas, random: Random): void {
  const [top, horizon] = random.pick(nights)
  const lights = random.pick([
    [0x42b3c2, 0xd9588f, 0x5f7de0],
    [0xf2b15a, 0xe06a4a, 0x5aa0c8],
    [0x7d6ae0, 0xe274b4, 0x49c2b1],
  ])
  canvas.paint(everywhere(canvas), top, mix(horizon, [190, 110, 150], 0.3))
  for (let x = -0.05; x < canvas.aspect; ) {
    const width = 0.08 + random.next() * 0.12
    const roof = 0.3 + random.next() * 0.35
    canvas.paint(box(x, roof, x + width, 0.86), mix(top, [30, 30, 45], 0.5), mix(top, horizon, 0.35))
    for (let y = roof + 0.04; y < 0.8; y += 0.05) {
      for (let u = x + 0.02; u < x + width - 0.02; u += 0.03) {
        if (random.chance(0.3)) canvas.paint(box(u, y, u + 0.012, y + 0.02), rgb(0xf3d9a2))
      }
    }
    x += width + 0.01
  }
  canvas.paint(
    below(canvas, () => 0.86),
    mix(top, [0, 0, 0], 0.2),
    mix(horizon, [0, 0, 0], 0.3),
    (_, v) => (v - 0.86) * 7,
  )
  for (let count = 0; count < 14; count += 1) {
    const center = [random.next() * canvas.aspect, 0.45 + random.next() * 0.5] as const
    const bokeh = disc(...center, 0.02 + random.next() * 0.05, 0.012)
    const strength = 0.2 + random.next() * 0.35
    canvas.paint({ ...bokeh, covers: (u, v) => strength * bokeh.covers(u, v) }, rgb(random.pick(lights)))
  }
}

function window(canvas: Canvas, random: Random): void {
  const palette = random.pick(dusks)
  const wall = random.pick([0xe8a06c, 0xd8b48e, 0x9fb0a4, 0xb9a3b5].map(rgb))
  const coat = random.pick([0x2b2320, 0x6d4a33, 0xd9862f, 0x8a8580].map(rgb))
  const half = 0.34
  const middle = canvas.aspect / 2
  canvas.paint(everywhere(canvas), mix(wall, [255, 255, 255], 0.12), mix(wall, [60, 20, 20], 0.2))
  canvas.paint(box(middle - half, 0.08, middle + half, 0.74), palette[0], palette[1], (_, v) => v * 1.3)
  canvas.paint(disc(middle + 0.12, 0.48, 0.08, canvas.edge), palette[2])
  const frame = mix(wall, [50, 25, 20], 0.65)
  canvas.paint(box(middle - 0.009, 0.08, middle + 0.009, 0.74), frame)
  canvas.paint(box(middle - half, 0.36, middle + half, 0.376), frame)
  canvas.paint(box(0, 0.74, canvas.aspect, 1), mix(wall, [70, 25, 20], 0.6), mix(wall, [40, 15, 15], 0.75))
  const x = middle + (random.next() - 0.5) * 0.3
  const { edge } = canvas
  canvas.paint(ellipse(x, 0.66, 0.13, 0.13, edge), coat)
  canvas.paint(disc(x - 0.06, 0.52, 0.075, edge), coat)
  for (const side of [-1, 1]) {
    const tip = x - 0.06 + side * 0.05
    const ear: Field = (u, v) => clamp(((v - 0.42) * 0.45 - Math.abs(u - tip)) / edge + 0.5)
    canvas.paint(box(tip - 0.05, 0.42, tip + 0.05, 0.5, ear), coat)
  }
  const tail: Field = (u, v) => clamp((0.016 - Math.abs(Math.hypot((u - x - 0.1) / 1.4, v - 0.7) - 0.075)) / edge)
  canvas.paint(box(x, 0.68, x + 0.25, 0.8, tail), coat)
}

const scenes: Record<Scene, (canvas: Canvas, random: Random) => void> = { hills, sea, moon, vase, fruit, city, window }
