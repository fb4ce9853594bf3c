import { useState } from 'react'
import { Input } from '@/shared/ui'

type Props = {
  value: number | undefined
  onChange: (v: number | undefined) => void
  min?: number
  max?: number
  whole?: boolean
  id?: string
  'aria-label'?: string
}

/** A number that may be left out. What is half typed stays as it is typed. */
export function NumberInput({ value, onChange, whole, ...rest }: Props) {
  const [typed, setTyped] = useState<string>()
  return (
    <Input
      type="number"
      step={whole ? 1 : 'any'}
      {...rest}
      value={typed ?? value ?? ''}
      onChange={(e) => {
        setTyped(e.target.value)
        if (e.target.value === '') return onChange(undefined)
        const n = whole ? Math.trunc(Number(e.target.value)) : Number(e.target.value)
        const low = rest.min !== undefined && n < rest.min
        if (Number.isFinite(n) && !low && (rest.max === undefined || n <= rest.max)) onChange(n)
      }}
      onBlur={() => setTyped(undefined)}
    />
  )
}
