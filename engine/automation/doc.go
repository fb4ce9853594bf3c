// Package automation runs automations: when something happens, if a condition holds, steps.
//
// Floor 4. It knows no HTTP and no application; definitions say what to do, engine/catalog has checked them. What it holds to:
//
//   - A run is a job of the outbox, written in the transaction of the change that sets it off, and only where an automation
//     of that form waits for such a change and its condition holds: what a write costs does not grow with automations
//     elsewhere, nor with runs that are finished.
//   - Runs of a record's changes start one after the other, in the order of the changes. One that fails for good is a dead
//     letter and lets the next proceed; runs of different records run side by side.
//   - Short runs that a single write sets off for which somebody waits are done in the write's own transaction, where no other
//     process uses the store; one that fails there is a job like the others.
//   - What a step does to records commits together with the mark that it is done, so that a crash anywhere neither loses nor
//     repeats it. Steps that only read are done again.
//   - Every write goes through engine/record, with the rights of the automation: it may read, and write the forms that its steps
//     name, through legal transitions, and has no right set-stage. The change names automation and run.
//   - record is the record as it is when a step begins, before as it was when the run was set off. A write that is computed
//     from what was read is made only if that is unchanged; else the step begins again.
//   - A run keeps to the definition that it began with. Where the forms have changed so that it does not fit them any more
//     it fails, and can be resumed when they fit again.
//   - Automations may set each other off, up to a depth; a run takes a bounded number of steps; starts in a minute can be
//     bounded. Whatever ends a run is in it, as a problem that the server puts into words.
//   - Dates, idle records and schedules are one leased timer job an automation, not one a record. A mark - automation, record, value
//   - makes each fire once, whatever the clock does; moving the date moves the deadline.
package automation
