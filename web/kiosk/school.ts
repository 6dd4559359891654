/** The school gives one colour; the three we use of it are made so that words on them can be read (details.md §2). */

type Rgb = [number, number, number]

const page = { light: '#ffffff', dark: '#161a23' }
const enough = 4.5

function rgbOf(hex: string): Rgb {
  const digits = /^#?([0-9a-f]{6})$/i.exec(hex)?.[1] ?? '2a4196'
  return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)) as Rgb
}

const hexOf = (rgb: Rgb) => `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return from.map((part, i) => part + (to[i]! - part) * share) as Rgb
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((part) => {
    const c = part / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** WCAG 2.2 contrast of two colours. */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(rgbOf(one)), luminance(rgbOf(other))]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** The colour, moved towards black or white just as far as it takes to be read on `ground`. */
function readable(colour: Rgb, towards: Rgb, ground: string): string {
  for (let share = 0; share < 1; share += 0.05) {
    const tried = hexOf(mix(colour, towards, share))
    if (contrast(tried, ground) >= enough) return tried
  }
  return hexOf(towards)
}

export function schoolColours(accent: string, dark: boolean): Record<string, string> {
  const colour = rgbOf(accent)
  const ground = dark ? page.dark : page.light
  return {
    '--school-fill': readable(colour, [0, 0, 0], '#ffffff'),
    '--school': readable(colour, dark ? [255, 255, 255] : [0, 0, 0], ground),
    '--school-t': hexOf(mix(rgbOf(ground), colour, dark ? 0.3 : 0.12)),
    '--on-school': dark ? '#0e1117' : '#ffffff',
  }
}
