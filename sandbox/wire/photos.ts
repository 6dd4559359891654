/** Pictures (wonde-api.md §8): base64 in `content`, `hash` to skip unchanged ones. */
import { type Photo, photoOf } from '../world/photos.ts'
import { onRoll, type School } from '../world/school.ts'
import type { Body } from './basics.ts'
import type { Answer, SchoolCall } from './call.ts'
import { listAnswer, readIncludes } from './lists.ts'
import { oneOf } from './one.ts'
import { instant } from './shapes.ts'

export const photoBody = ({ id, hash, content, takenAt }: Photo): Body => ({
  id,
  hash,
  content,
  created_at: instant(takenAt),
  updated_at: instant(takenAt),
})

const allPhotos = (school: School): Photo[] =>
  onRoll(school)
    .map((student) => photoOf(school, student))
    .filter((photo) => photo !== null)

export function listPhotos(call: SchoolCall): Answer {
  readIncludes(call.query, [], 'photos')
  return listAnswer(call, {
    rows: allPhotos(call.school),
    n: ({ n }) => n,
    updatedAt: ({ takenAt }) => takenAt,
    shape: photoBody,
    includes: [],
  })
}

export function getPhoto(call: SchoolCall): Answer {
  return { body: { data: photoBody(oneOf(call, allPhotos(call.school))) } }
}
