// Package flow is the pure logic of stages: which transition leads from here to there, for whom, and why none does.
//
// Floor 1. Advance is a pure reducer: no clock, no store, no other imports than definitions, so every history can be replayed
// and gives the same place. Who may do what, and when, is handed in.
package flow
