// Package flow is the pure logic of stages: which transition leads from here to there, for whom, and why none does.
//
// Floor 1. No clock, no store, no other imports than definitions: every decision can be replayed.
package flow
