/**
 * Every cause that an import or a write-back can show: its words and what to do (contract §5). The one table;
 * docs/causes.md is made from it, and screens show these words.
 */
import type { Cause } from './values.ts'

type Words = { message: string; fix: string }

const imports = {
  'import.preview': {
    message: 'This was a preview: nothing has been changed yet.',
    fix: 'Look through the changes, then press Apply or Discard.',
  },
  'import.brake': {
    message: 'More people than usual would leave, so nothing has been changed.',
    fix: 'Look at the leavers. If they really left press Apply, else Discard and look in the MIS.',
  },
  'import.empty': {
    message: 'The MIS sent nobody of a kind we hold, so nothing has been changed.',
    fix: 'Check in the school’s MIS and at Wonde that this data is shared, then import again.',
  },
  'import.grew': {
    message: 'More would change now than in the list you approved, so nothing has been changed.',
    fix: 'Look at the new list, then press Apply again or Discard.',
  },
  'import.after_undo': {
    message: 'The import before this one was undone, so this one waits for you.',
    fix: 'Look through the changes, then press Apply or Discard.',
  },
  'import.undone': {
    message: 'This import was undone. The next one waits for you before it changes anybody.',
    fix: 'Put right in the MIS what was wrong, then import again.',
  },
  'import.unreachable': {
    message: 'The provider could not be reached or did not answer. Nothing has been changed.',
    fix: 'Nothing to do: it is tried again tonight. Press Import now to try at once.',
  },
  'import.unauthorised': {
    message: 'The provider did not accept the token. Nothing has been changed.',
    fix: 'Ask for a new token in the Wonde portal and put it in on the MIS page.',
  },
  'import.refused': {
    message: 'The school does not share this data with us. Nothing has been changed.',
    fix: 'Approve the permission in the school’s Wonde portal, then import again.',
  },
  'import.unreadable': {
    message: 'An answer of the provider was broken or incomplete. Nothing has been changed.',
    fix: 'Import again. If it happens again, tell support the time of this run.',
  },
  'import.timed_out': {
    message: 'Reading took longer than ten minutes and was stopped. Nothing has been changed.',
    fix: 'Import again when the MIS is less busy. It is tried again tonight.',
  },
  'import.no_link': {
    message: 'The site is not linked to its MIS any more. Nothing has been changed.',
    fix: 'Link the MIS on the MIS page, then import again.',
  },
  'import.not_licensed': {
    message: 'MIS integration is not active for this site. Nothing has been changed.',
    fix: 'Renew MIS integration on the licence page, then import again.',
  },
  'import.newer_run': {
    message: 'A newer import took the place of this one.',
    fix: 'Look at the newest import.',
  },
  'import.stopped': {
    message: 'The import was interrupted here, not by the MIS. Nothing has been changed.',
    fix: 'Import again. If it happens again, tell support the time of this run.',
  },
  'import.record': {
    message: 'This record could not be imported as it is.',
    fix: 'Put it right in the MIS; the next import takes it.',
  },
  'import.may_match': {
    message: 'Somebody here has the same name. It is not certain that they are the same person.',
    fix: 'Say on the MIS page whether they are the same person.',
  },
} as const satisfies Record<string, Words>

const marks = {
  'attendance.same_mark': { message: 'The MIS has this mark already.', fix: 'Nothing to do.' },
  'attendance.already_late': {
    message: 'The student is marked late in this session already; the earlier arrival counts.',
    fix: 'Nothing to do.',
  },
  'attendance.no_session': {
    message: 'No register is open or running at this time of day, so there is no mark to send.',
    fix: 'Nothing to do. Check the school day in Settings if that is wrong.',
  },
  'attendance.closed_day': {
    message: 'The school is closed on this day, so there is no mark to send.',
    fix: 'Nothing to do. Check the closures in Settings if that is wrong.',
  },
  'attendance.not_in_mis_yet': {
    message: 'The student is not in the MIS yet.',
    fix: 'Add the student in the MIS. The mark goes by itself once the import has found them.',
  },
  'attendance.reason_without_mark': {
    message: 'This reason is kept in this book only and sends no mark.',
    fix: 'Nothing to do.',
  },
  'attendance.mis_cannot_write': {
    message: 'This MIS takes no marks from us.',
    fix: 'Enter the mark in the MIS by hand.',
  },
  'attendance.not_licensed': {
    message: 'MIS integration is not active for this site.',
    fix: 'Enter the mark in the MIS by hand, or renew MIS integration on the licence page.',
  },
  'attendance.their_mark': {
    message: 'The MIS already has a different mark for this student, made by somebody else.',
    fix: 'Choose which mark is right: theirs, or ours.',
  },
  'attendance.day_over': {
    message: 'The school day ended before the mark could go.',
    fix: 'Send it now, or enter it in the MIS by hand.',
  },
  'attendance.reason_broken': {
    message: 'The MIS no longer has the code of this reason, or it may not be used any more.',
    fix: 'Give the reason another code in Settings, Reasons and codes; then send the mark, or enter it in the MIS by hand.',
  },
  'attendance.link_cut': {
    message: 'There is no working link to the MIS: its key is refused, or the link was taken away.',
    fix: 'Mend it on the MIS page. Marks of today then go by themselves.',
  },
  'attendance.refused': {
    message: 'The MIS refused the mark.',
    fix: 'Enter it in the MIS by hand, or put right what it says and send again.',
  },
  'attendance.not_seen': {
    message: 'The mark was sent and has not been seen in the MIS.',
    fix: 'Look in the MIS. If it is there, or you enter it yourself, press “I’ve entered it”; else send it again.',
  },
  'attendance.not_on_roll': {
    message: 'Not a student on roll, so the MIS gets no mark.',
    fix: 'Nothing to do.',
  },
  'attendance.mark_stands': {
    message: 'The mark in the register is right as it is.',
    fix: 'Nothing to do.',
  },
  'attendance.expected_back': {
    message: 'Expected back before the register closes, so there is no mark to send yet.',
    fix: 'Nothing to do. If they do not come, press “Not coming back” on Today, and the mark goes.',
  },
  'attendance.cannot_look': {
    message: 'The school does not let us see its marks, so ours might go over a present mark.',
    fix: 'Look in the MIS, then choose: keep theirs, or use ours.',
  },
  'attendance.cannot_clear': {
    message: 'Our mark is not right any more, and only the MIS itself can take it out.',
    fix: 'Put the register right in the MIS, then press “I’ve put it right”.',
  },
  'attendance.withdrawn': {
    message: 'This was taken out of the book before its mark went, so there is no mark to send.',
    fix: 'Nothing to do.',
  },
  'attendance.unreachable': {
    message: 'The MIS cannot be reached just now.',
    fix: 'Nothing to do: the mark goes by itself as soon as it can.',
  },
  'attendance.unknown_result': {
    message: 'The mark was sent, and the answer got lost on the way.',
    fix: 'Nothing to do: we look into the MIS before anything is sent again.',
  },
  'attendance.cannot_check': {
    message: 'The school does not let us read marks, so this one cannot be checked.',
    fix: 'Nothing to do. To have marks checked, permit reading attendance in the Wonde portal.',
  },
} as const satisfies Record<string, Words>

/** Lines of the school's own list of staff. */
const lists = {
  'people.list_no_name': {
    message: 'This line has neither a forename nor a surname.',
    fix: 'Give the person a name.',
  },
  'people.list_email': {
    message: 'This is not an email address:',
    fix: 'Put the address right, or leave it empty.',
  },
  'people.list_working_days': {
    message: 'These working days cannot be read:',
    fix: 'Write them as Mon-Fri, as Mon Wed Fri, or as 1,3,5 where Monday is 1.',
  },
  'people.list_too_long': {
    message: 'This is too long to be kept:',
    fix: 'Shorten it: a phone number has at most 50 characters, a vehicle 20.',
  },
  'people.list_cells': {
    message: 'This line has more cells than the first line names columns.',
    fix: 'Put quotes around a cell that holds a comma, or take the extra cells out.',
  },
  'people.list_twice': {
    message: 'The same person stands in this file already, on line',
    fix: 'Keep one of the lines, or give each its own email address.',
  },
  'people.list_which': {
    message: 'Several people here could be meant.',
    fix: 'Give this line the email address that we hold for one of them.',
  },
  'people.list_left': {
    message: 'The MIS says that this person has left.',
    fix: 'Put that right in the MIS, or turn them red on Who comes across.',
  },
  'people.list_mis_owned': {
    message: 'The MIS owns these and they stay as they are:',
    fix: 'Change them in the MIS. Everything else on this line is kept.',
  },
  'people.list_overwrites': {
    message:
      'The MIS has an employee of this name. If they are the same person, the next import writes its own over these:',
    fix: 'Turn the person red on Who comes across to keep what the list says.',
  },
} as const satisfies Record<string, Words>

export const causes: Readonly<Record<string, Words>> = { ...imports, ...marks, ...lists }
export type CauseCode = keyof typeof imports | keyof typeof marks | keyof typeof lists

/** A cause as the API gives it; `detail` is added to its words (such as what the MIS said). */
export function causeOf(code: CauseCode, detail?: string | null): Cause {
  const { message, fix } = causes[code]!
  return { code, message: detail ? `${message} ${detail}` : message, fix }
}
