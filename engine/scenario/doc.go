// Package scenario runs the scenarios of a template: what somebody does, what the clock does, and what must come of it -
// records, refusals, notifications, things to do.
//
// Floor 6: it drives a whole engine, with a clock of its own, on a store that holds nothing yet. A scenario is data, a file
// in a template's folder `scenarios/`; templates/README.md describes what it may say. It proves what a template's
// automations do, on every store, and that they still do after the template was changed.
package scenario
