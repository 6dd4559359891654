/** What a measurement says, and how it is shown. */

export type Measure = {
  name: string
  /** in `unit`, as the result of this run */
  value: number
  unit: string
  /** the floor of the same run, in the same unit; null where design.md §9 names none */
  floor: number | null
  /** value over floor */
  ratio: number | null
  target: string
  met: boolean
}

/** The p-th percentile (0 to 100) by nearest rank; NaN of nothing. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] ?? Number.NaN
}

export function measure(
  given: Omit<Measure, 'ratio' | 'met'> & { holds: (value: number, ratio: number | null) => boolean },
): Measure {
  const { holds, ...rest } = given
  const ratio = rest.floor === null ? null : rest.value / rest.floor
  return { ...rest, ratio, met: holds(rest.value, ratio) }
}

const number = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))

export function tableOf(measures: readonly Measure[]): string {
  const rows = measures.map((one) => [
    one.name,
    `${number(one.value)} ${one.unit}`,
    one.floor === null ? '' : number(one.floor),
    one.ratio === null ? '' : `${one.ratio.toFixed(2)} ×`,
    one.target,
    one.met ? 'met' : 'NOT MET',
  ])
  const all = [['measure', 'result', 'floor', 'ratio', 'target', ''], ...rows]
  const widths = all[0]!.map((_, i) => Math.max(...all.map((row) => row[i]!.length)))
  return all
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
