/** A small XLSX workbook for tests, written as spreadsheet programs write it. */
import { crc32, deflateRawSync } from 'node:zlib'

type Cell = string | number | null | { inline: string } | { rich: string[] }

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

function zip(files: Record<string, string | Buffer>): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content as string)
    const packed = deflateRawSync(bytes)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(8, 4)
    fields.writeUInt32LE(crc32(bytes), 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(bytes.length, 18)
    fields.writeUInt16LE(Buffer.byteLength(name), 22)
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), packed)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(at, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, tail, Buffer.from(name))
    at += 30 + Buffer.byteLength(name) + packed.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(Object.keys(files).length, 8)
  end.writeUInt16LE(Object.keys(files).length, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, list, end])
}

/**
 * Rows of cells on the second sheet; the first is hidden. `padding`: so many bytes more, once unpacked; `sheet`: what
 * stands in place of the rows.
 */
export function workbook(rows: Cell[][], { padding = 0, sheet: given = '' } = {}): Buffer {
  const shared: string[] = []
  const cell = (value: Cell, reference: string) => {
    if (value === null) return ''
    if (typeof value === 'number') return `<c r="${reference}"><v>${value}</v></c>`
    if (typeof value === 'object' && 'inline' in value)
      return `<c r="${reference}" t="inlineStr"><is><t>${escaped(value.inline)}</t></is></c>`
    const runs = typeof value === 'string' ? [value] : value.rich
    shared.push(
      typeof value === 'string'
        ? `<si><t xml:space="preserve">${escaped(value)}</t></si>`
        : `<si>${runs.map((run) => `<r><t>${escaped(run)}</t></r>`).join('')}<rPh sb="0" eb="1"><t>no</t></rPh></si>`,
    )
    return `<c r="${reference}" s="1" t="s"><v>${shared.length - 1}</v></c>`
  }
  const sheet = rows
    .map((cells, r) => {
      const inner = cells.map((value, c) => cell(value, `${String.fromCharCode(65 + c)}${r + 1}`)).join('')
      return inner === '' ? '' : `<row r="${r + 1}" spans="1:6">${inner}</row>`
    })
    .join('')
  const relation = (id: string, target: string) => `<Relationship Id="${id}" Type="x" Target="${target}"/>`
  return zip({
    '[Content_Types].xml': '<Types/>',
    'xl/workbook.xml':
      '<?xml version="1.0"?><workbook xmlns:r="r"><sheets><sheet name="Lists" sheetId="1" state="hidden" r:id="rId1"/>' +
      '<sheet name="Staff" sheetId="2" r:id="rId2"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': `<Relationships>${relation('rId1', 'worksheets/sheet1.xml')}${relation('rId2', '/xl/worksheets/sheet2.xml')}</Relationships>`,
    'xl/worksheets/sheet1.xml': '<worksheet><sheetData/></worksheet>',
    'xl/sharedStrings.xml': `<sst>${shared.join('')}</sst>`,
    'xl/worksheets/sheet2.xml': `<worksheet><sheetData>${sheet}${given}</sheetData>${' '.repeat(padding)}</worksheet>`,
  })
}
