import { formatNumber, type Reader } from '@/shared/format'

/** A file's size as people read it. */
export function sizeText(bytes: number, r: Reader): string {
  const units = ['B', 'KB', 'MB', 'GB']
  let n = bytes
  let u = 0
  while (n >= 1024 && u < units.length - 1) {
    n /= 1024
    u++
  }
  return `${formatNumber(u === 0 || n >= 100 ? Math.round(n) : Math.round(n * 10) / 10, r)} ${units[u]}`
}
