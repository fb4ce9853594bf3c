// Package step is the registry of step types: what an automation's step is called, what it is for, and the JSON Schema of
// its settings, with titles and help in every language, so that a form can be made of it.
//
// Floor 0: imports definition, problem and validate. A type is added by writing its file in types/; what it does is in
// engine/automation, how its expressions are checked in engine/catalog. Tests there hold the three together.
//
// Beside standard keywords a schema says x-title and x-description (texts in all languages), x-control (what a form shows:
// form, field, filter, sort, expr, values, people, steps, cases, text, lines) and x-form (the name of the property that
// says of which form a field, filter or value is; record for the trigger's).
package step
