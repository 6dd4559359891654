import { queryOptions } from '@tanstack/react-query'
import type { MisHelp } from '../../../shared/licences.ts'
import { api } from '../../api.ts'

/** The table of MIS, the prices and who helps: the same for everybody, logged in or not. */
export const misHelpQuery = queryOptions({
  queryKey: ['help', 'mis'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: () => api.get<MisHelp>('/help/mis'),
})
