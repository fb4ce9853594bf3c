// Package field is the registry of field types: for each one its settings, how it is stored, the JSON Schema that its
// settings stand for, and how a value from outside becomes canonical.
//
// Floor 0: imports definition, problem, value and validate. The table in type.go is explicit; a type is added by writing
// its file and naming it there. FormSchema puts the types together into the JSON Schema of a form's data.
//
// It does not know records, rights or other forms: that a relation's target exists, that an option may still be chosen,
// that a computed field is not written to, are questions for the engine.
package field
