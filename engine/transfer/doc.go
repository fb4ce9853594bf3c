// Package transfer brings tables in and takes them out: CSV, XLSX and JSON Lines into a form's records, into users and
// departments, and records out again.
//
// Floor 4, built on record, org and transfer/sheet. An import is described by a [Mapping], which is data: [Guess] proposes
// one, [Transfer.Preview] says what it would do without writing, [Transfer.Start] hands the work to the background and
// [Transfer.RunImport] does it there. Every record goes through record.Records, the only door. Rows are read in order and
// written a batch a transaction, and the batch's transaction holds the checkpoint and a journal entry too: a process that
// dies anywhere resumes behind the last batch, and ids of new records follow from job and row, so nothing is there twice.
// The journal also serves [Transfer.RunUndo].
//
//	Start -> import (job) --batch--> checkpoint + journal ... --> error sheet
//	                  \--crash--> resumes behind the last checkpoint
//	StartUndo -> import-undo (job): journal, newest entry first
//
// It knows no HTTP and no language: what is wrong with a row is problems, and Options.Say turns them into sentences. It
// keeps no files and runs no jobs: both are reached through small interfaces.
package transfer
