import fc from 'fast-check'
import { expect, test } from 'vitest'
import { workbook } from '../../../test/workbook.ts'
import { AppError } from '../../core/errors.ts'
import { readRows } from './file.ts'

const book = workbook([
  ['Forename', 'Surname'],
  ['Ann', { rich: ['L', 'ee'] }],
  [{ inline: 'Bo' }, 7],
])

/** Rows, or a refusal in words: nothing else may come of a file. */
async function outcome(bytes: Buffer): Promise<'rows' | 'refused'> {
  try {
    await readRows(bytes)
    return 'rows'
  } catch (error) {
    if (error instanceof AppError && [413, 422].includes(error.status)) return 'refused'
    throw error
  }
}

test('a workbook damaged anywhere is read or refused, and never breaks anything', async () => {
  const damage = fc.array(fc.tuple(fc.nat(book.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(damage, fc.nat(book.length), async (changes, cut) => {
      const bytes = Buffer.from(book)
      for (const [at, value] of changes) bytes[at] = value
      await outcome(bytes)
      await outcome(book.subarray(0, cut))
    }),
    { numRuns: 300 },
  )
})

test('whatever bytes come, they are read or refused', async () => {
  const text = fc.string({
    unit: fc.constantFrom('"', ',', ';', '\t', '\r', '\n', 'a', ' ', 'é'),
    maxLength: 60,
  })
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), (bytes) => outcome(Buffer.from(bytes)).then(Boolean)),
  )
  await fc.assert(fc.asyncProperty(text, (given) => outcome(Buffer.from(given)).then(Boolean)))
})

test('every cell comes back as it was quoted', async () => {
  const cell = fc.string({ unit: fc.constantFrom('"', ',', ';', '\n', 'a', 'é', '’', ' x'), maxLength: 8 })
  const rows = fc.array(fc.tuple(fc.constant('x'), cell, cell), { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(rows, async (given) => {
      const quoted = given.map((cells) => cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(','))
      const read = await readRows(Buffer.from(`${quoted.join('\r\n')}\r\n`))
      expect(read.map((row) => row.cells)).toEqual(given)
    }),
  )
})

test.each([
  ['tags that never end', `<row${' r="1"'.repeat(2)}`.repeat(200_000)],
  ['a tag of a million letters', `<${'a'.repeat(1_000_000)}`],
  ['a million spaces in a tag', `<row ${' '.repeat(1_000_000)}>`],
  ['entities by the million', `<row><c><v>${'&#x41;'.repeat(300_000)}</v></c></row>`],
])('%s take no time', async (_what, sheet) => {
  const began = performance.now()
  await outcome(workbook([], { sheet }))
  expect(performance.now() - began).toBeLessThan(3000)
})
