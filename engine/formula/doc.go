// Package formula is the expression language of every definition: formula fields, rules, guards, conditions, filters.
//
// Floor 1: imports schemas/value and schemas/problem, and is the only package that imports expr. expr's parser reads the
// text; the checker here types the tree against a Scope and reports every misspelt name with line, column and a
// suggestion; the evaluator here runs the checked tree. The checked tree has a JSON form (ast.schema.json), so that the
// browser runs the same tree with the same vectors (testdata/vectors.json).
//
// # Empties
//
// They behave as in a spreadsheet: an empty operand is 0, "" or false by the operator's type, so `empty == 0` and
// `empty == ""` are both true; isEmpty tells the difference. A date has no zero: an empty date stays empty in date
// arithmetic and sorts before every other date. Aggregates skip empties; avg, min and max of nothing are empty.
//
// # Errors in values
//
// What cannot be computed (x/0, an overflow, an impossible date) yields empty plus a recorded EvalError with its place;
// evaluation goes on. Only an exhausted budget or a cancelled context ends it.
//
// # Numbers
//
// float64 throughout. Two numbers that agree in 15 significant digits are equal (0.1 + 0.2 == 0.3), as in a
// spreadsheet. Rounding works on the shortest decimal text, half away from zero. `%` has the sign of the dividend,
// mod() that of the divisor.
//
// # Text
//
// Positions and lengths count code points. == compares exactly and < by code point; contains, startsWith and endsWith
// fold case and width (value.Fold) like the filters of the same names.
//
// # Syntax
//
// Literals, names, .member, ["key"], [index] (from 0, negative from the end), + - * / % ** ^, comparisons (chained
// too), and or not && || !, in, contains startsWith endsWith, ?:, ??, a..b, [lists], let x = ..; .., calls, and in a
// function's row argument .field and #. Names of functions fold case; a function is told from a field by its (.
//
// Not supported, and refused with not-allowed: maps, pipes, slices, methods, byte strings, `;` sequences, if {} else {},
// and `matches`: a regular expression that means the same in Go and in a browser, in bounded time, is not worth its
// danger here.
package formula
