// Package meta holds the meta-schemas: a JSON Schema (2020-12) for each kind of definition, which the server publishes for
// editors and which Check holds definitions against.
//
// Floor 0: imports definition, problem, value and validate. Check looks at one definition on its own: its shape, names
// that are reserved. Settings of field types are checked by schemas/field, references and expressions by engine/catalog.
//
// Every array says in x-merge how two changed copies of it become one:
//
//   - key: items are objects, told apart by the member that x-merge-key names, and merged member by member;
//   - set: items are scalars, told apart by themselves; what either side added is added, what it removed is removed;
//   - atomic: the array is one value.
package meta
