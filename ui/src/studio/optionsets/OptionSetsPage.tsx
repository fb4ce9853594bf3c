export function OptionSetsPage() {
  return null
}
