/** The school's own object: proof of token and school together, and the word on where the school lives. */
import { MisError, type MisSchool } from '../mis.ts'
import { isObject, unreadable } from './answers.ts'
import type { Client, Limits, Manner } from './client.ts'
import { regionBaseUrl } from './domains.ts'
import { id } from './loose.ts'
import { parseSchool, regionDomain } from './records.ts'

type Row = Record<string, unknown>

export type SchoolOptions = {
  client: Client
  limits: Limits
  baseUrl: string
  fixedOrigin: boolean
  schoolId: string
  region: string | null
  onRegion: (domain: string) => void
}

export type SchoolReader = {
  /** The base address of the school's own region: the wrong one answers with no data and no error (§1.1). */
  home(manner: Manner): Promise<string>
  read(signal: AbortSignal | undefined, patient: boolean): Promise<MisSchool>
}

export function createSchoolReader(options: SchoolOptions): SchoolReader {
  const { client, limits, baseUrl, fixedOrigin, schoolId } = options
  let base = fixedOrigin ? baseUrl : regionBaseUrl(options.region)
  let region = options.region

  async function readSchool(manner: Manner): Promise<Row> {
    const url = new URL(`${base ?? baseUrl}/schools/${schoolId}`)
    const data = await client.get({ lane: 'check', url, ...manner }, (body) => schoolIn(body, schoolId))
    if (!fixedOrigin) learn(regionDomain(data))
    return data
  }

  function learn(domain: string | null): void {
    base = regionBaseUrl(domain) ?? base ?? baseUrl
    if (domain === null || domain === region) return
    region = domain
    options.onRegion(domain)
  }

  /** Whether the provider reaches the MIS now. A provider that does not tell is no reason to fail. */
  async function readMeta(manner: Manner): Promise<Row | null> {
    try {
      const url = new URL(`${base ?? baseUrl}/meta/schools/${schoolId}`)
      return await client.get({ lane: 'check', url, ...manner }, ({ data }) => (isObject(data) ? data : null))
    } catch (error) {
      if (error instanceof MisError) return null
      throw error
    }
  }

  return {
    async home(manner) {
      if (base === null) await readSchool(manner)
      return base ?? baseUrl
    },
    async read(signal, patient) {
      const begun = performance.now()
      const data = await readSchool({ patient, signal, totalMs: patient ? limits.pageMs : limits.quickMs })
      const left = Math.max(limits.quickMs - (performance.now() - begun), 1_000)
      const meta = await readMeta({ patient, signal, totalMs: patient ? limits.pageMs : left })
      return parseSchool(schoolId, data, meta)
    },
  }
}

function schoolIn(body: Row, schoolId: string): Row {
  const { data } = body
  if (!isObject(data)) throw unreadable('The provider’s answer holds no school.', { post: false })
  const answered = id(data['id'])
  if (answered !== null && answered !== schoolId) {
    throw unreadable('The provider answered with another school.', { post: false })
  }
  return data
}
