/** The questions about the MIS link and their answers (product.md §12); each has an address of its own. */
import type { ReactNode } from 'react'

export type Answer = (typeof answers)[number]['id']

const Steps = ({ children }: { children: ReactNode }) => <ol className="help-steps">{children}</ol>

export const answers = [
  {
    id: 'what-crosses',
    question: 'What comes across, and what goes back?',
    answer: (
      <>
        <p>
          Each night the pupils, the staff and the school’s own list of attendance codes come from your MIS.
          Names, year and registration groups and work e-mail addresses follow the MIS; what you add here
          (vehicle, working days, phone, access) is yours and no import touches it.
        </p>
        <p>
          Back goes one session mark for each late arrival or early leave: the code of the reason, and where
          your MIS takes them the minutes late and a short comment such as “Dentist, arrived 09:25”. Nothing
          else is written.
        </p>
      </>
    ),
  },
  {
    id: 'not-writing-back',
    question: 'Why aren’t my reasons writing back?',
    answer: (
      <>
        <p>
          A mark is never lost: it stands in the book first, and goes as soon as it can. Every mark that needs
          a person stands under “Marks that need you”, with what happened in plain words. If one does not
          arrive, look at these, in this order:
        </p>
        <Steps>
          <li>
            <b>Does your MIS take marks?</b> See the table below, and “What your MIS does for you” on the MIS
            page. A test mark tells for certain.
          </li>
          <li>
            <b>Does the reason have a code?</b> In Settings, Reasons: one set to “don’t write back”, or whose
            code your MIS no longer has, writes nothing. A broken one is marked in red.
          </li>
          <li>
            <b>Is the pupil in the MIS?</b> Somebody typed in here by hand has to come across first; the mark
            waits and then goes by itself.
          </li>
          <li>
            <b>Is the link up, and the licence active?</b> The MIS page says so. A token that was withdrawn
            holds marks until it is mended.
          </li>
          <li>
            <b>Did a teacher mark it already?</b> We do not write over another person’s mark unless you say
            so, or the reason is set to win.
          </li>
          <li>
            <b>Was registration open?</b> Outside school days and sessions there is no mark to write.
          </li>
        </Steps>
      </>
    ),
  },
  {
    id: 'pupils-left',
    question: 'A pupil has left and is still shown. What do I do?',
    answer: (
      <>
        <p>
          Put the leaving date into your MIS. At the next import the pupil goes from the lists here;
          everything that was written stays in the history. To see it at once, press <b>Import now</b> on the
          MIS page.
        </p>
        <p>
          If your MIS cannot be changed today, open <b>Who comes across</b>, find the pupil and switch them
          off. They stay off through every import until you switch them on again.
        </p>
      </>
    ),
  },
  {
    id: 'staff-left',
    question: 'A member of staff has left and is still shown. What do I do?',
    answer: (
      <p>
        Give them an end date in your MIS, and untick <b>Active</b> (or “current”) where it has that. Both
        matter: some MIS keep people current until somebody says otherwise. At the next import they are gone
        here. Somebody who is in the building at that moment stays on the evacuation list until they check
        out. You can also archive them by hand on their page under Staff.
      </p>
    ),
  },
  {
    id: 'how-quickly',
    question: 'How quickly does a mark stand in the MIS?',
    answer: (
      <p>
        We send it within seconds of the tap. Most MIS show it at once; some take minutes, a few take hours,
        because the provider fetches from the school now and then. Until we have seen it ourselves it says
        “Sent”, and only then “In the MIS”. If it has not been seen after the time set in MIS settings (four
        hours unless you change it), it stands under “Marks that need you”. A kiosk without network keeps its
        taps with their true times and sends them when it is back.
      </p>
    ),
  },
  {
    id: 'how-often',
    question: 'How often are people imported?',
    answer: (
      <p>
        Every night, at the time set under MIS, Settings (02:30 unless you change it), within half an hour of
        it. If the server was off at that time it is caught up once. <b>Import now</b> does the same at any
        time, and <b>Preview</b> shows what would change without changing anything. Doing it twice changes
        nothing the second time.
      </p>
    ),
  },
  {
    id: 'held',
    question: 'Why did an import stop and wait for me?',
    answer: (
      <p>
        An import that would take away more than a tenth of your pupils or staff (and more than three people),
        or that comes back empty, changes nothing and waits. Usually a permission was withdrawn at the
        provider, or the MIS was half way through its own new year. Look at the list: if the leavers are right
        press <b>Apply</b>, if not <b>Discard</b>, and nobody is lost. Any import can be undone for 30 days.
      </p>
    ),
  },
  {
    id: 'keep-one-out',
    question: 'How do I keep one pupil or member of staff out?',
    answer: (
      <p>
        Open <b>Who comes across</b>, find them and switch them to “Not importing”. Their record is archived
        with its history, and no import, by night or by hand, brings them back until you switch them on; then
        it is the same record again. You can switch a whole list off or on at once.
      </p>
    ),
  },
  {
    id: 'own-list',
    question: 'I want to keep my own list of staff. How?',
    answer: (
      <Steps>
        <li>
          On the Staff page press <b>Upload a list</b>.
        </li>
        <li>
          There, use <b>Remove all imported staff</b>. It asks for their number, archives them with their
          history, and keeps out those who come later.
        </li>
        <li>
          Then choose your file, CSV or Excel, made from the template. You see what is new, changed and
          refused before anything is stored, and the same file twice changes nothing.
        </li>
      </Steps>
    ),
  },
] as const satisfies readonly { id: string; question: string; answer: ReactNode }[]
