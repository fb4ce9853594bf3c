// Package sheet reads and writes tabular files: XLSX, CSV/TSV and JSON Lines.
//
// Reading starts with [Open], which recognises a file by its content, never by its name alone. A [Book] lists sheets, a
// [Sheet] finds its header row and streams rows of typed cells. What was odd about a row (too few cells, an error value,
// a broken character) travels with the row as a warning, so that an importer can show it: nothing is dropped in silence.
// What cannot be read ends in one *[Error] with a code.
//
// Between reading and mapping stand three judgements that are made over a whole column, because a single value cannot
// settle them: [Profile] (what a column seems to hold), [DateSettler] (which date format fits every value, or which ones
// compete) and [NumberSettler] (whether a comma groups or divides). [Nearest] compares a value with a list of allowed
// ones.
//
// Writing is [NewWriter]: the same three formats, streaming, with a guard against text that a spreadsheet would run as a
// formula.
//
// Floor 4, but it imports nothing of ours: it knows no form, no field and no store. It evaluates no formulas (it takes
// the cached value), reads no legacy .xls, and keeps no styles, pictures or comments.
package sheet
