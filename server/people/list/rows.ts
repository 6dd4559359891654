/** What every kind of file is read into, how much of it, and the two ways in which a file is refused as a whole. */
import { AppError } from '../../core/errors.ts'

/** One row and where it stands: the line in a text file, the row of the sheet. */
export type FileRow = { line: number; cells: string[] }

export const mostRows = 20_000
/** Cells beyond these are no list of people. */
export const mostColumns = 200

export const unreadable = (message: string) => new AppError(422, 'people.unreadable_file', message)
export const tooLarge = (message: string) => new AppError(413, 'people.file_too_large', message)

export const tooMany = () => tooLarge(`The list has more than ${mostRows} rows. Cut it into smaller files.`)
