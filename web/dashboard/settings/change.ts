/** A change of settings: done and said, or its fault shown; then everything of the site is read again. */
import { queryClient, siteKey } from '../queries.ts'
import { toast, toastFault } from '../toast.tsx'

export async function change(
  site: string,
  done: string,
  work: Promise<unknown>,
  undo?: () => void,
): Promise<boolean> {
  try {
    await work
    await queryClient.invalidateQueries({ queryKey: siteKey(site) })
    toast(done, undo ? { undo } : {})
    return true
  } catch (error) {
    toastFault(error)
    return false
  }
}
