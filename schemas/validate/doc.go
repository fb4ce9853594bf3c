// Package validate compiles JSON Schemas (2020-12) and turns what they complain about into problems.
//
// Floor 0: imports problem and value; the only package that knows the JSON Schema library. A schema stands alone: it is
// compiled without reading files or the network, its references stay inside, do not recurse and do not multiply beyond a
// budget, and its patterns are regular expressions that cannot run away.
package validate
