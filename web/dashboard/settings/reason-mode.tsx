/** The two ways to offer reasons, each with what it means; changing asks first. */
import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import type { AttendanceSettings } from '../../../shared/attendance.ts'
import { api } from '../../api.ts'
import { useMisName, useSite } from '../site.tsx'
import { change } from './change.ts'

type ReasonMode = AttendanceSettings['reasonMode']

export function Mode({ settings }: { settings: AttendanceSettings }) {
  const { id, can } = useSite()
  const mis = useMisName()
  const [asking, setAsking] = useState<ReasonMode | null>(null)
  const words: Record<ReasonMode, { title: string; about: string; after: string }> = {
    'all-codes': {
      title: `All of ${mis}’s codes`,
      about: `Every code ${mis} has, except those that don’t belong on a public screen. Nothing to set up.`,
      after: `From now on the kiosk shows the codes that are switched on below, by our plain words for them, and the office can use every code of ${mis}. Your own reasons are kept, out of sight, for when you switch back.`,
    },
    'own-reasons': {
      title: 'Our own reasons',
      about:
        'Your words, each tied to a code. Shorter for pupils, and marks can change when the register closes.',
      after:
        'From now on the kiosk and the office offer only your own reasons. If you have none yet, the usual ones are put in for you. Marks already made stay as they are.',
    },
  }
  const put = (reasonMode: ReasonMode) =>
    api.put(`/sites/${id}/attendance-settings`, { ...settings, reasonMode })
  async function go(to: ReasonMode) {
    const before = settings.reasonMode
    setAsking(null)
    await change(
      id,
      `${words[to].title} are offered now.`,
      put(to),
      () => void change(id, 'Put back.', put(before)),
    )
  }
  return (
    <fieldset className="modes">
      <legend className="hidden">What can be chosen</legend>
      {(['all-codes', 'own-reasons'] as const).map((mode) => (
        <label key={mode} className={settings.reasonMode === mode ? 'mode on' : 'mode'}>
          <input
            type="radio"
            name="mode"
            checked={settings.reasonMode === mode}
            disabled={!can('settings.write')}
            onChange={() => setAsking(mode)}
          />
          <span>
            <b>{words[mode].title}</b>
            <span className="q sm">{words[mode].about}</span>
          </span>
        </label>
      ))}
      {asking && (
        <Modal
          opened
          onClose={() => setAsking(null)}
          title={`Offer ${words[asking].title.replace(/^Our/, 'our')}?`}
        >
          <div className="stack">
            <p className="q">{words[asking].after}</p>
            <div className="row wrap">
              <Button onClick={() => void go(asking)}>Offer them</Button>
              <Button variant="default" onClick={() => setAsking(null)}>
                Leave it
              </Button>
            </div>
          </div>
        </Modal>
      )}
    </fieldset>
  )
}
