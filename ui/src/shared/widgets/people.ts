import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { keys, type Department, type User } from '../api'
import { useServices } from './services'

const fresh = 5 * 60_000

/** All users, also by id. */
export function usePeople() {
  const services = useServices()
  const { data, error, refetch } = useQuery({ queryKey: keys.users, staleTime: fresh, queryFn: () => services.users() })
  return useMemo(
    () => ({ list: data, byId: new Map((data ?? []).map((u: User) => [u.id, u])), error, refetch }),
    [data, error, refetch],
  )
}

/** All departments by id, each with its path from the root. */
export function useUnits() {
  const services = useServices()
  const { data, error, refetch } = useQuery({
    queryKey: keys.departments,
    staleTime: fresh,
    queryFn: () => services.departments(),
  })
  return useMemo(() => {
    const byId = new Map((data ?? []).map((d: Department) => [d.id, d]))
    const path = (d: Department): Department[] => {
      const out: Department[] = []
      for (let at: Department | undefined = d; at && out.length < 32; at = byId.get(at.parent ?? '')) out.unshift(at)
      return out
    }
    return { list: data, byId, path, error, refetch }
  }, [data, error, refetch])
}
