/** One line at the bottom right: what was done, and Undo where it can be undone. */
import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { inWords } from '../ui/page.tsx'

export function toast(
  message: string,
  options: { undo?: () => void; undoLabel?: string; seconds?: number } = {},
): void {
  const id = `toast-${Date.now()}-${Math.random()}`
  notifications.show({
    id,
    autoClose: (options.seconds ?? (options.undo ? 10 : 6)) * 1000,
    withCloseButton: true,
    closeButtonProps: { 'aria-label': 'Close' },
    color: 'ink',
    message: (
      <span className="row between">
        <span>{message}</span>
        {options.undo && (
          <Button
            size="sm"
            variant="default"
            onClick={() => {
              notifications.hide(id)
              options.undo?.()
            }}
          >
            {options.undoLabel ?? 'Undo'}
          </Button>
        )}
      </span>
    ),
  })
}

/** A fault, or words about several. */
export function toastFault(error: unknown): void {
  notifications.show({
    autoClose: 10_000,
    withCloseButton: true,
    closeButtonProps: { 'aria-label': 'Close' },
    color: 'red',
    message: typeof error === 'string' ? error : inWords(error),
  })
}
