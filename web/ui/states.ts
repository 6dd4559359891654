/** One colour, one icon, one word for each state (screens.md §3, details.md §4). */
import {
  type Icon,
  IconAlertTriangle,
  IconArrowBack,
  IconArrowBackUp,
  IconArrowsSplit,
  IconArrowUp,
  IconCheck,
  IconChecks,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconCloudOff,
  IconDoorExit,
  IconEyeQuestion,
  IconHandStop,
  IconHelp,
  IconKeyOff,
  IconLink,
  IconLinkOff,
  IconMinus,
  IconPlugConnected,
  IconPlugConnectedX,
  IconRefresh,
  IconTrash,
  IconUserCheck,
  IconUserPlus,
  IconUserQuestion,
} from '@tabler/icons-react'
import type { ApiToken } from '../../shared/accounts.ts'
import type { WriteBackState } from '../../shared/attendance.ts'
import type { Order } from '../../shared/licences.ts'
import type { Message } from '../../shared/mail.ts'
import type { ConnectionState, ImportState, MisPersonState, Proof } from '../../shared/mis.ts'
import { markWords } from '../../shared/reports.ts'
import type { Licence } from '../../shared/sites.ts'

export type Tone = 'grey' | 'blue' | 'green' | 'red' | 'amber' | 'violet'
/** `fill` only where a person is needed: a calm day shows no filled chip. */
export type Look = { word: string; tone: Tone; icon: Icon; fill?: boolean }

export const markLooks: Record<WriteBackState, Look> = {
  waiting: { word: markWords.waiting, tone: 'grey', icon: IconClock },
  sending: { word: markWords.sending, tone: 'grey', icon: IconArrowUp },
  sent: { word: markWords.sent, tone: 'blue', icon: IconCheck },
  confirmed: { word: markWords.confirmed, tone: 'green', icon: IconChecks },
  unconfirmed: { word: markWords.unconfirmed, tone: 'amber', icon: IconEyeQuestion, fill: true },
  refused: { word: markWords.refused, tone: 'red', icon: IconCircleX, fill: true },
  conflict: { word: markWords.conflict, tone: 'violet', icon: IconArrowsSplit, fill: true },
  held: { word: markWords.held, tone: 'amber', icon: IconHandStop, fill: true },
  'not-required': { word: markWords['not-required'], tone: 'grey', icon: IconMinus },
  superseded: { word: markWords.superseded, tone: 'grey', icon: IconArrowBack },
  resolved: { word: markWords.resolved, tone: 'green', icon: IconUserCheck },
}

export const importLooks: Record<ImportState, Look> = {
  queued: { word: 'Importing…', tone: 'blue', icon: IconRefresh },
  running: { word: 'Importing…', tone: 'blue', icon: IconRefresh },
  done: { word: 'Up to date', tone: 'green', icon: IconCircleCheck },
  held: { word: 'Held: waiting for you', tone: 'amber', icon: IconHandStop, fill: true },
  failed: { word: 'Not imported', tone: 'red', icon: IconAlertTriangle, fill: true },
  discarded: { word: 'Discarded', tone: 'grey', icon: IconTrash },
  undone: { word: 'Undone', tone: 'grey', icon: IconArrowBackUp },
}

export const misPersonLooks: Record<MisPersonState, Look> = {
  new: { word: 'New', tone: 'blue', icon: IconUserPlus },
  matched: { word: 'Matched', tone: 'grey', icon: IconLink },
  'may-match': { word: 'May match', tone: 'violet', icon: IconUserQuestion, fill: true },
  leaver: { word: 'Left', tone: 'grey', icon: IconDoorExit },
  problem: { word: 'Problem', tone: 'amber', icon: IconAlertTriangle, fill: true },
}

export const linkLooks: Record<ConnectionState, Look> = {
  connected: { word: 'Connected', tone: 'green', icon: IconPlugConnected },
  offline: { word: 'MIS offline', tone: 'amber', icon: IconPlugConnectedX },
  unreachable: { word: 'Unreachable', tone: 'amber', icon: IconCloudOff },
  unauthorised: { word: 'Key refused', tone: 'red', icon: IconKeyOff },
  revoked: { word: 'Access withdrawn', tone: 'red', icon: IconLinkOff },
}

export const proofLooks: Record<Proof, Look> = {
  yes: { word: 'Yes', tone: 'green', icon: IconCircleCheck },
  no: { word: 'No', tone: 'red', icon: IconCircleX },
  unproven: { word: 'Not proven', tone: 'amber', icon: IconHelp },
}

export const licenceLooks: Record<Licence['misIntegration']['state'], Look> = {
  none: { word: 'Not ordered', tone: 'grey', icon: IconMinus },
  ordered: { word: 'Ordered', tone: 'blue', icon: IconClock },
  active: { word: 'Active', tone: 'green', icon: IconCircleCheck },
  lapsed: { word: 'Ended', tone: 'red', icon: IconCircleX, fill: true },
}
export const orderLooks: Record<Order['state'], Look> = {
  ordered: { word: 'Waits to be confirmed', tone: 'blue', icon: IconClock },
  confirmed: { word: 'Confirmed', tone: 'green', icon: IconCircleCheck },
  cancelled: { word: 'Cancelled', tone: 'grey', icon: IconMinus },
}
export const messageLooks: Record<Message['state'], Look> = {
  kept: { word: 'Kept here', tone: 'grey', icon: IconClock },
  waiting: { word: 'Waiting to send', tone: 'grey', icon: IconClock },
  sending: { word: 'Sending', tone: 'grey', icon: IconArrowUp },
  sent: { word: 'Sent', tone: 'green', icon: IconCheck },
  failed: { word: 'Not sent', tone: 'red', icon: IconCircleX, fill: true },
}
export const tokenLooks: Record<ApiToken['state'], Look> = {
  active: { word: 'Can be used', tone: 'green', icon: IconCheck },
  expired: { word: 'Ended', tone: 'grey', icon: IconClock },
  revoked: { word: 'Revoked', tone: 'grey', icon: IconKeyOff },
}
