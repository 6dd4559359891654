import { z } from 'zod'
import * as wire from '../../shared/attendance.ts'
import { pageOf } from '../../shared/values.ts'
import type { App } from '../app.ts'
import { invalid } from '../core/errors.ts'
import { actorKey } from '../core/http/actor.ts'
import { decodeCursor, page } from '../core/http/lists.ts'
import { answer, type Router, route } from '../core/http/route.ts'
import { asId } from '../core/ids.ts'
import { listMovements, presenceAt } from '../presence/presence.ts'
import { getSite } from '../sites/sites.ts'
import { correctMovement } from './corrections.ts'
import * as movements from './movements.ts'
import { addUsual, orderReasons, putSettings, showCodes } from './reason-list.ts'
import * as reasons from './reasons.ts'
import { getMarksEmail, putMarksEmail } from './summary.ts'

const tag = 'Attendance'

export function attendanceRoutes(app: App, router: Router): void {
  codeRoutes(app, router)
  reasonRoutes(app, router)
  movementRoutes(app, router)
}

function codeRoutes(app: App, router: Router): void {
  route(router, {
    method: 'GET',
    path: '/sites/:site/attendance-codes',
    access: 'attendance.read',
    tag,
    summary: 'The codes of this school’s MIS, as last imported',
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(500).default(500),
      cursor: z.string().max(500).optional(),
    }),
    reply: pageOf(wire.attendanceCode),
    async handle({ siteId, query }) {
      const after = decodeCursor(query.cursor, 1)?.[0]
      const rows = await app.db.read(siteId, reasons.listCodes)
      const from = after === undefined ? 0 : rows.findIndex((row) => row.id === after) + 1
      return page(
        rows.slice(from, from + query.limit + 1),
        query.limit,
        (row) => [row.id],
        reasons.presentCode,
      )
    },
  })
  route(router, {
    method: 'PUT',
    path: '/sites/:site/attendance-codes',
    access: 'settings.write',
    tag,
    summary: 'Every code onto the kiosk, or each as it is preset',
    body: wire.codesOnKioskPut,
    reply: z.object({ data: z.array(wire.attendanceCode) }),
    handle: async ({ siteId, body }) => ({ data: await showCodes(app, siteId, body.publicScreen) }),
  })
  route(router, {
    method: 'PUT',
    path: '/sites/:site/attendance-codes/:id',
    access: 'settings.write',
    tag,
    summary: 'Whether the kiosk offers this code',
    body: wire.attendanceCodePut,
    reply: wire.attendanceCode,
    handle: ({ siteId, params, body }) => reasons.putCode(app, siteId, params.id!, body.publicScreen),
  })
  route(router, {
    method: 'GET',
    path: '/sites/:site/attendance-settings',
    access: 'attendance.read',
    tag,
    summary: 'How reasons and marks are treated',
    reply: wire.attendanceSettings,
    handle: ({ siteId }) => app.db.read(siteId, async (db) => (await getSite(db, siteId)).attendance),
  })
  route(router, {
    method: 'PUT',
    path: '/sites/:site/attendance-settings',
    access: 'settings.write',
    tag,
    summary: 'Set how reasons and marks are treated',
    body: wire.attendanceSettings,
    reply: wire.attendanceSettings,
    async handle({ siteId, body }) {
      await putSettings(app, siteId, body)
      return body
    },
  })
  route(router, {
    method: 'GET',
    path: '/sites/:site/marks-email',
    access: 'settings.write',
    tag,
    summary: 'Who gets the day’s e-mail of the marks that need somebody, and when',
    reply: wire.marksEmail,
    handle: ({ siteId }) => app.db.read(siteId, getMarksEmail),
  })
  route(router, {
    method: 'PUT',
    path: '/sites/:site/marks-email',
    access: 'settings.write',
    tag,
    summary: 'Set who gets it and when; nobody: none is sent',
    body: wire.marksEmail,
    reply: wire.marksEmail,
    handle: ({ siteId, body }) => putMarksEmail(app, siteId, body),
  })
}

function reasonRoutes(app: App, router: Router): void {
  const path = '/sites/:site/reasons'
  route(router, {
    method: 'GET',
    path,
    access: 'attendance.read',
    tag,
    summary: 'What can be chosen now',
    query: wire.reasonsQuery,
    reply: pageOf(wire.reason),
    async handle({ siteId, query }) {
      const after = decodeCursor(query.cursor, 1)?.[0]
      const rows = await app.db.read(siteId, async (db) =>
        query.archived === 'true'
          ? reasons.ownReasons(db, { archived: true, ...(query.type && { type: query.type }) })
          : reasons.listReasons(db, await getSite(db, siteId), query.type),
      )
      const keyOf = (row: wire.Reason) => `${row.type} ${row.id}`
      const from = after === undefined ? 0 : rows.findIndex((row) => keyOf(row) === after) + 1
      return page(
        rows.slice(from, from + query.limit + 1),
        query.limit,
        (row) => [keyOf(row)],
        (row) => row,
      )
    },
  })
  route(router, {
    method: 'POST',
    path,
    access: 'settings.write',
    tag,
    summary: 'Add a reason of the school’s own',
    body: wire.reasonBody,
    reply: wire.reason,
    status: 201,
    current: ({ siteId, newId }) => app.db.read(siteId, (db) => reasons.getReason(db, newId())),
    handle: ({ siteId, body, newId }) => reasons.addReason(app, siteId, newId(), body),
  })
  route(router, {
    method: 'POST',
    path: `${path}/usual`,
    access: 'settings.write',
    tag,
    summary: 'Add the usual reasons that the school does not have yet',
    reply: z.object({ data: z.array(wire.reason) }),
    handle: async ({ siteId }) => ({ data: await addUsual(app, siteId) }),
  })
  route(router, {
    method: 'PUT',
    path: `${path}/order`,
    access: 'settings.write',
    tag,
    summary: 'Set the order in which the kiosk shows the reasons of a type',
    body: wire.reasonOrderPut,
    reply: z.object({ data: z.array(wire.reason) }),
    handle: async ({ siteId, body }) => ({ data: await orderReasons(app, siteId, body) }),
  })
  route(router, {
    method: 'PUT',
    path: `${path}/:id`,
    access: 'settings.write',
    tag,
    summary: 'Change a reason; an archived one comes back',
    body: wire.reasonBody,
    reply: wire.reason,
    handle: ({ siteId, params, body }) => reasons.putReason(app, siteId, params.id!, body),
  })
  route(router, {
    method: 'DELETE',
    path: `${path}/:id`,
    access: 'settings.write',
    tag,
    summary: 'Archive a reason; movements that had it keep it',
    reply: wire.reason,
    handle: ({ siteId, params }) => reasons.archiveReason(app, siteId, params.id!),
  })
}

function movementRoutes(app: App, router: Router): void {
  const path = '/sites/:site/movements'
  route(router, {
    method: 'POST',
    path,
    access: 'movements.write',
    tag,
    summary: 'Enter a movement; repeats are known by its id',
    body: wire.movementPost,
    reply: wire.movement,
    status: 201,
    ownRepeats: true,
    async handle({ actor, siteId, body }) {
      const { movement, created } = await movements.recordMovement(app, siteId, body, {
        kind: 'person',
        by: actorKey(actor),
      })
      return answer(created ? 201 : 200, movement)
    },
  })
  route(router, {
    method: 'GET',
    path,
    access: 'attendance.read',
    tag,
    summary: 'Movements, newest first',
    query: wire.movementsQuery,
    reply: pageOf(wire.movement),
    async handle({ siteId, query }) {
      const cursor = decodeCursor(query.cursor, 2)
      const before = cursor === null ? null : { at: cursor[0]!, id: asId(cursor[1]!) ?? '' }
      if (before !== null && (before.id === '' || Number.isNaN(Date.parse(before.at))))
        throw invalid('cursor', 'is not one that this list gave')
      const person = query.person === undefined ? undefined : asId(query.person)
      if (person === null) return { data: [], meta: { next: null } }
      return await app.db.read(siteId, async (db) => {
        const rows = await listMovements(
          db,
          { date: query.date, type: query.type, person },
          before,
          query.limit + 1,
        )
        const shown = page(
          rows,
          query.limit,
          (row) => [row.received_at.toISOString(), row.id],
          (row) => row,
        )
        return { data: await movements.present(db, shown.data), meta: shown.meta }
      })
    },
  })
  route(router, {
    method: 'GET',
    path: `${path}/:id`,
    access: 'attendance.read',
    tag,
    summary: 'One movement with its marks',
    reply: wire.movement,
    handle: ({ siteId, params }) => app.db.read(siteId, (db) => movements.getMovement(db, params.id!)),
  })
  route(router, {
    method: 'POST',
    path: `${path}/:id/correct`,
    access: 'movements.write',
    tag,
    summary: 'Put a movement right, or withdraw it, by a new one',
    body: wire.correctPost,
    reply: wire.movement,
    status: 201,
    current: ({ siteId, newId }) => app.db.read(siteId, (db) => movements.getMovement(db, newId())),
    handle: ({ actor, siteId, params, body, newId }) =>
      correctMovement(app, siteId, { id: params.id!, newId: newId(), by: actorKey(actor) }, body),
  })
  route(router, {
    method: 'GET',
    path: '/sites/:site/presence',
    access: 'presence.read',
    tag,
    summary: 'Who is here, of those with a movement today',
    reply: wire.presence,
    handle: ({ siteId }) =>
      app.db.read(siteId, async (db) => presenceAt(db, await getSite(db, siteId), app.clock.now())),
  })
}
