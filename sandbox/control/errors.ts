/** A refusal of the control API, in the words and shape of the public one (contract §3). */
export class ControlError extends Error {
  readonly status: number
  readonly code: string
  readonly fields: Record<string, string> | undefined
  constructor(status: number, code: string, message: string, fields?: Record<string, string>) {
    super(message)
    this.status = status
    this.code = code
    this.fields = fields
  }
}

export const invalid = (fields: Record<string, string>): ControlError => {
  const [[field, words] = ['', 'is not understood']] = Object.entries(fields)
  return new ControlError(422, 'request.invalid', field === '' ? words : `${field}: ${words}`, fields)
}
