/** Readings of the licence pages; under `mis`, which the live stream makes stale when the licence changes. */
import { queryOptions } from '@tanstack/react-query'
import type { Offer, Order } from '../../../shared/licences.ts'
import { api, type Page } from '../../api.ts'
import { siteKey } from '../queries.ts'

/** `startsOn`: the day that somebody thinks of; absent: the earliest there is. */
export const offerQuery = (site: string, startsOn?: string) =>
  queryOptions({
    queryKey: siteKey(site, 'mis', 'offer', startsOn ?? ''),
    queryFn: () => api.get<Offer>(`/sites/${site}/licence/offer`, { startsOn }),
    placeholderData: (before) => before,
  })
export const ordersQuery = (site: string) =>
  queryOptions({
    queryKey: siteKey(site, 'mis', 'orders'),
    queryFn: async () => (await api.get<Page<Order>>(`/sites/${site}/orders`, { limit: 100 })).data,
  })
