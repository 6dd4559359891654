/**
 * What a caller did wrong: thrown anywhere, rendered once at the edge as `{error: {code, message, fields?}}`.
 * Anything else that is thrown is a bug and becomes a logged 500.
 */
export class AppError extends Error {
  readonly status: number
  readonly code: string
  readonly fields: Record<string, string> | undefined
  readonly retryAfterSeconds: number | undefined
  constructor(
    status: number,
    code: string,
    message: string,
    more: { fields?: Record<string, string>; retryAfterSeconds?: number } = {},
  ) {
    super(message)
    this.name = 'AppError'
    this.status = status
    this.code = code
    this.fields = more.fields
    this.retryAfterSeconds = more.retryAfterSeconds
  }
}

/** 404 that reads alike whether the thing never was, is malformed, or is another site's. */
export function notFound(what: string): AppError {
  return new AppError(404, 'not_found', `There is no ${what} with this id here.`)
}

export function conflict(code: string, message: string): AppError {
  return new AppError(409, code, message)
}

/** 422 for one field. */
export function invalid(field: string, message: string, code = 'request.invalid'): AppError {
  return new AppError(422, code, `${field}: ${message}`, { fields: { [field]: message } })
}
